package io.goshare.it.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a client and a server that can be told to fail: bytes go through it as its fault allows. */
final class FaultyProxy implements AutoCloseable {
    /** What is wrong with the network. */
    enum Fault {
        NONE,
        /** Bytes take 100 ms each way. */
        DELAY,
        /** Two thousand bytes a second pass. */
        SLOW,
        /** Nothing passes; what is under way arrives when it is over. */
        PARTITION,
        /** Each connection is reset, new ones too. */
        RESET,
        /** The server's end of each connection is gone and the client is not told, until it is over and it speaks. */
        HALF_OPEN
    }

    private static final long DELAY_MILLIS = 100;
    private static final int SLOW_BYTES = 20;
    private static final long SLOW_MILLIS = 10;

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Connection> connections = new ArrayList<>();
    private final AtomicLong strikes = new AtomicLong();
    private Fault fault = Fault.NONE;
    private boolean closed;

    /** @param endpoint {@code host:port} of the server */
    FaultyProxy(String endpoint) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        host = endpoint.substring(0, colon);
        port = Integer.parseInt(endpoint.substring(colon + 1));
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** It, failing by {@code fault} when it is told to. */
    FaultContract.Network failing(Fault kind) {
        return new FaultContract.Network() {
            @Override
            public String endpoint() {
                return "127.0.0.1:" + listener.getLocalPort();
            }

            @Override
            public void fail() {
                set(kind);
            }

            @Override
            public void heal() {
                set(Fault.NONE);
            }

            @Override
            public long strikes() {
                return strikes.get();
            }
        };
    }

    private synchronized void set(Fault newFault) {
        fault = newFault;
        connections.removeIf(one -> one.client.isClosed());
        if (fault == Fault.RESET || fault == Fault.HALF_OPEN) {
            strikes.addAndGet(connections.size());
            connections.forEach(fault == Fault.RESET ? Connection::reset : Connection::loseServer);
        }
        notifyAll();
    }

    private synchronized Fault fault() {
        return fault;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                threads.execute(() -> connect(client));
            }
        } catch (IOException e) {
            requireClosed(e);
        }
    }

    private synchronized void requireClosed(IOException e) {
        if (!closed) {
            throw new IllegalStateException("the proxy failed", e);
        }
    }

    private void connect(Socket client) {
        Connection connection = new Connection(client);
        try {
            Fault now = fault();
            if (now == Fault.RESET) {
                strikes.incrementAndGet();
                connection.reset();
                return;
            }
            if (now != Fault.HALF_OPEN) {
                Socket server = new Socket(host, port);
                server.setTcpNoDelay(true);
                connection.server = server;
            }
            synchronized (this) {
                connections.add(connection);
                if (closed) {
                    connection.reset();
                }
            }
            if (connection.server != null) {
                threads.execute(() -> pump(connection, connection.server, client));
            }
            pump(connection, client, connection.server);
        } catch (IOException e) { // the server is not there, which the client is to see
            connection.reset();
        }
    }

    /** Carries bytes one way until an end is gone; the other end then hears of it, if the fault lets it. */
    private void pump(Connection connection, Socket from, Socket to) {
        byte[] buffer = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            int read;
            while ((read = in.read(buffer)) >= 0) {
                if (to == null || connection.serverLost) {
                    if (hold(Fault.HALF_OPEN, Long.MAX_VALUE) != Fault.HALF_OPEN) {
                        break; // the machine is back, and does not know of this connection
                    }
                } else {
                    pass(buffer, read, to.getOutputStream());
                }
            }
        } catch (IOException e) { // an end is gone, which is what the other end is told below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (from == connection.client || !connection.serverLost) {
            connection.reset();
        }
    }

    private void pass(byte[] buffer, int length, OutputStream out) throws IOException, InterruptedException {
        Fault now = fault();
        if (now == Fault.PARTITION) {
            strikes.incrementAndGet();
            hold(now, Long.MAX_VALUE);
        } else if (now == Fault.DELAY) {
            strikes.incrementAndGet();
            hold(now, DELAY_MILLIS);
        }
        for (int at = 0; at < length; ) {
            int part = length - at;
            if (fault() == Fault.SLOW) {
                strikes.incrementAndGet();
                part = Math.min(part, SLOW_BYTES);
                hold(Fault.SLOW, SLOW_MILLIS);
            }
            out.write(buffer, at, part);
            at += part;
        }
        out.flush();
    }

    /** Waits until {@code held} is over or the time is; the fault then. */
    private synchronized Fault hold(Fault held, long millis) throws InterruptedException {
        long end =
                millis == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (fault == held && !closed) {
            long left = end == Long.MAX_VALUE ? 1000 : TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return fault;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        synchronized (this) {
            closed = true;
            fault = Fault.NONE;
            connections.forEach(Connection::reset);
            notifyAll();
        }
        listener.close();
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the proxy's threads did not end");
        }
    }

    /** Both ends of a connection; without the server's, where it is lost. */
    private static final class Connection {
        private final Socket client;
        private volatile Socket server;
        private volatile boolean serverLost;

        Connection(Socket client) {
            this.client = client;
        }

        /** Both ends get a reset, not an orderly end. */
        void reset() {
            end(client);
            end(server);
        }

        void loseServer() {
            serverLost = true;
            end(server);
        }

        private void end(Socket socket) {
            try {
                if (socket != null) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
            } catch (IOException e) { // setting an option of a socket that has ended already
                requireClosedSocket(socket, e);
            }
        }

        private void requireClosedSocket(Socket socket, IOException e) {
            if (!socket.isClosed()) {
                throw new IllegalStateException("cannot end a connection", e);
            }
        }
    }
}
