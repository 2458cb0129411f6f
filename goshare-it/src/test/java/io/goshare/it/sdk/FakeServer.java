package io.goshare.it.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on loopback that answers each connection as a script says, then closes it. */
final class FakeServer implements AutoCloseable {
    /** What is done with a connection. */
    interface Script {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    FakeServer(Script script) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> accept(script));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                start(() -> serve(socket, script));
            }
        } catch (IOException e) {
            sockets.forEach(FakeServer::close); // the server is closed
        }
    }

    private static void serve(Socket socket, Script script) {
        try {
            script.run(socket.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
            drain(socket.getInputStream());
        } catch (IOException e) {
            // the client has gone: it is told nothing more
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(FakeServer::close);
    }

    /** Reads until the client goes. */
    static void drain(InputStream in) throws IOException {
        byte[] bytes = new byte[4096];
        while (in.read(bytes) >= 0) {
            // nobody wants it
        }
    }

    /** Answers an HTTP request with these bytes as they stand. */
    static Script http(String response) {
        return (in, out) -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            out.write(response.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        };
    }

    /** Greets as a ZeroMQ ROUTER, reads a request and answers with what {@code reply} makes of its id. */
    static Script zeroMq(Reply reply) {
        return (in, out) -> {
            byte[] greeting = new byte[64];
            greeting[0] = (byte) 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
            out.write(greeting);
            byte[] ready = "\5READY\13Socket-Type\0\0\0\6ROUTER".getBytes(StandardCharsets.ISO_8859_1);
            out.write(frame(4, ready));
            out.flush();
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            Matcher id = Pattern.compile(" id=(\\w+)").matcher("");
            while (!id.find()) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                heard.write(next);
                id.reset(next >= 'a' || next >= '0' && next <= '9' ? heard.toString(StandardCharsets.ISO_8859_1) : "");
            }
            out.write(reply.bytes(id.group(1)));
            out.flush();
        };
    }

    /** A reply's bytes as they stand. */
    interface Reply {
        byte[] bytes(String id) throws IOException;
    }

    /** Frames of one message. */
    static byte[] message(String... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < frames.length; i++) {
            byte[] frame = frames[i].getBytes(StandardCharsets.ISO_8859_1);
            out.writeBytes(frame(i < frames.length - 1 ? 1 : 0, frame));
        }
        return out.toByteArray();
    }

    private static byte[] frame(int flags, byte[] body) {
        byte[] frame = new byte[2 + body.length];
        frame[0] = (byte) flags;
        frame[1] = (byte) body.length;
        System.arraycopy(body, 0, frame, 2, body.length);
        return frame;
    }
}
