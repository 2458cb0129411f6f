package io.goshare.it.container;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.http.HttpTransport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import io.goshare.server.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A server with a store that outlives it, as scenarios see it: a process of this machine, or a container. It asks for a
 * token. Settings, token, ports, clock and disk are chosen before the first start. For one thread; its connections may
 * be used by others.
 */
abstract class Deployment implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    final Map<Setting, String> settings = new EnumMap<>(Setting.class);
    final ClientLog clientLog = new ClientLog();
    int diskMib;
    /** Empty: the server makes one. */
    String givenToken = "";
    /** Of this machine; 0: free ones, others after each start. */
    int httpPort;

    int zmqPort;
    boolean clockMoves;

    Deployment with(Setting setting, String text) {
        settings.put(setting, text);
        return this;
    }

    /** Gives the store a disk of this size to itself, in memory: it is gone when the server ends. */
    Deployment onDiskOf(int mib) {
        diskMib = mib;
        return this;
    }

    /** Gives it a token, instead of the one it makes itself. */
    Deployment withToken(String token) {
        givenToken = token;
        return this;
    }

    /** Publishes its doors on these ports of this machine at each start. */
    Deployment onPorts(int http, int zmq) {
        httpPort = http;
        zmqPort = zmq;
        return this;
    }

    /** Gives it a clock that {@link #setClock} moves; the test is skipped where that cannot be. */
    Deployment withMovableClock() {
        Faketime.require();
        clockMoves = true;
        return this;
    }

    /** Fills the store, before the first start, with a data directory. */
    abstract void restore(Path data) throws IOException;

    /** Starts the server, on what an earlier one left; returns once it serves. */
    abstract void start() throws IOException;

    /** Asks it to stop with SIGTERM and waits; its exit code. */
    abstract int stop() throws IOException, InterruptedException;

    /** Ends it with SIGKILL; returns once it is dead. */
    abstract void kill() throws InterruptedException;

    /** Keeps it from running on: its connections stand, nobody answers. */
    abstract void freeze() throws IOException, InterruptedException;

    /** Lets it run on. */
    abstract void thaw() throws IOException, InterruptedException;

    /** Moves its clock to this far from the machine's, now and after each start. */
    abstract void setClock(Duration ahead) throws IOException, InterruptedException;

    abstract boolean isRunning();

    /** What all its servers have logged so far. */
    abstract String log() throws IOException;

    /**
     * {@code host:port} of a door, {@code http} or {@code zmq}; another one after each start, but for {@link #onPorts}.
     */
    abstract String endpoint(String door);

    abstract String token() throws IOException;

    /** Writes to its disk until this much is free. */
    abstract void fillDisk(int mibLeft) throws IOException, InterruptedException;

    /** Removes what {@link #fillDisk} wrote. */
    abstract void emptyDisk() throws IOException, InterruptedException;

    /** A new connection to a door; the caller closes it. */
    final Transport connect(String door) throws IOException {
        return connect(door, endpoint(door), TIMEOUT);
    }

    /** The same by way of {@code endpoint}, each call given {@code timeout}. */
    final Transport connect(String door, String endpoint, Duration timeout) throws IOException {
        return connect(door, endpoint, timeout, Optional.of(token()));
    }

    /** A connection that bears no token. */
    final Transport connectWithout(String door) {
        return connect(door, endpoint(door), TIMEOUT, Optional.empty());
    }

    private Transport connect(String door, String endpoint, Duration timeout, Optional<String> token) {
        Transport transport = door.equals("http")
                ? new HttpTransport(endpoint, token, timeout)
                : new ZeroMqTransport(endpoint, token, timeout);
        return clientLog.of(door + " " + endpoint, transport);
    }

    /** Ends the server, if it runs, and removes the store. */
    @Override
    public abstract void close() throws IOException, InterruptedException;
}
