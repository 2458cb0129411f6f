package io.goshare.it.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on loopback that does to its connections what networks do. Faults hold from when they are set, for
 * connections there are and to come. Safe for many threads.
 */
final class ChaosProxy implements AutoCloseable {
    /** What happens to bytes. */
    enum Fault {
        NONE,
        /** Each piece is late by 30 ms. */
        DELAY,
        /** Bytes vanish, in both directions, and connections stay open. */
        BLACK_HOLE,
        /** Replies vanish; requests arrive. */
        DEAF,
        /** Of the next reply of each connection half a piece arrives, then the connection ends. */
        CUT_REPLY,
        /** What a connection sends is sent to the server by a second connection too. */
        DUPLICATE
    }

    private final ServerSocket server;
    private final int port;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Fault fault = Fault.NONE;

    /** @param target port on loopback that is proxied */
    ChaosProxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            port = server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void set(Fault newFault) {
        fault = newFault;
    }

    /** Ends all connections there are. */
    void cut() {
        sockets.forEach(ChaosProxy::close);
    }

    private void accept() {
        try {
            while (closed.getCount() > 0) {
                Socket client = server.accept();
                sockets.add(client);
                boolean twice = fault == Fault.DUPLICATE;
                List<Socket> servers = new ArrayList<>();
                try {
                    servers.add(connect());
                    if (twice) {
                        servers.add(connect());
                    }
                } catch (IOException e) {
                    close(client);
                    continue;
                }
                start(() -> pump(client, servers, true));
                start(() -> pump(servers.get(0), List.of(client), false));
                if (twice) {
                    start(() -> drain(servers.get(1)));
                }
            }
        } catch (IOException e) {
            cut(); // the proxy is closed
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2000);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private void pump(Socket from, List<Socket> to, boolean request) {
        byte[] bytes = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                Fault now = fault;
                if (now == Fault.BLACK_HOLE || now == Fault.DEAF && !request) {
                    continue;
                }
                if (now == Fault.DELAY && closed.await(30, TimeUnit.MILLISECONDS)) {
                    return;
                }
                boolean cut = now == Fault.CUT_REPLY && !request;
                for (Socket socket : to) {
                    OutputStream out = socket.getOutputStream();
                    out.write(bytes, 0, cut ? Math.max(count / 2, 1) : count);
                    out.flush();
                }
                if (cut) {
                    return;
                }
            }
        } catch (IOException e) {
            // either end was closed: so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            to.forEach(ChaosProxy::close);
        }
    }

    private void drain(Socket server) {
        byte[] bytes = new byte[16 << 10];
        try {
            InputStream in = server.getInputStream();
            while (in.read(bytes) >= 0) {
                // answers to the duplicate are nobody's
            }
        } catch (IOException e) {
            close(server);
        }
    }

    private synchronized void start(Runnable work) {
        Thread thread = new Thread(work, "chaos-proxy");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
