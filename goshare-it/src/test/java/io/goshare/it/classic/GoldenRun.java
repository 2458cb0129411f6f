package io.goshare.it.classic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Plays transcripts against a server and counts. */
final class GoldenRun {
    /** A server that can be stopped and started again on its data. */
    interface Subject {
        int httpPort();

        List<Integer> zmqPorts();

        void restart();
    }

    private final Subject server;
    private final Map<Integer, ZMQ.Socket> sockets = new HashMap<>();
    private int checked;
    private int skipped;

    GoldenRun(Subject server) {
        this.server = server;
    }

    int checked() {
        return checked;
    }

    int skipped() {
        return skipped;
    }

    /** Plays {@code steps} in order and returns what differed. */
    List<String> play(List<GoldenStep> steps) throws IOException {
        List<String> differences = new ArrayList<>();
        try (ZContext context = new ZContext()) {
            for (GoldenStep step : steps) {
                if (step.transport().equals("control")) {
                    sockets.clear(); // the context closes them
                    server.restart();
                } else if (step.isChecked()) {
                    checked++;
                    play(step, context, differences);
                } else {
                    skipped++;
                }
            }
        }
        return differences;
    }

    private void play(GoldenStep step, ZContext context, List<String> differences) throws IOException {
        if (step.transport().equals("http")) {
            RawHttp.Response response =
                    RawHttp.send(server.httpPort(), step.method(), step.target(), step.headers(), step.body());
            step.difference(response.status(), response.header("Content-Type"), response.body())
                    .ifPresent(difference -> differences.add(step.name() + ": " + difference));
        } else {
            byte[] reply = ask(context, step.words());
            if (reply == null) {
                differences.add(step.name() + ": no reply");
            } else {
                step.difference(0, "", reply).ifPresent(difference -> differences.add(step.name() + ": " + difference));
            }
        }
    }

    /** Asks over one port, then the other, as both speak everything. */
    private byte[] ask(ZContext context, byte[] words) {
        int port = server.zmqPorts().get(checked % server.zmqPorts().size());
        ZMQ.Socket socket = sockets.computeIfAbsent(port, p -> connected(context, p));
        socket.send(words);
        return socket.recv();
    }

    /**
     * A REQ that has been answered once. About one in fifty of JeroMQ 0.6.0's fresh connections never carries a
     * message, whatever server it is to, so these are tried again; an established one is held to answer.
     */
    private static ZMQ.Socket connected(ZContext context, int port) {
        for (int attempt = 0; attempt < 10; attempt++) {
            ZMQ.Socket socket = context.createSocket(SocketType.REQ);
            socket.setLinger(0);
            socket.setReceiveTimeOut(2_000);
            socket.connect("tcp://127.0.0.1:" + port);
            socket.send("hello");
            if (socket.recv() != null) {
                socket.setReceiveTimeOut(30_000);
                return socket;
            }
            socket.close();
        }
        throw new IllegalStateException("nothing answers at port " + port);
    }
}
