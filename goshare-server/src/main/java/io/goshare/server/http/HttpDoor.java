package io.goshare.server.http;

import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.WatchHandler;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves commands, the first GoShare's routes and the pages over HTTP/1.1. */
public final class HttpDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

    /** The first GoShare's request line may be 1 MiB; all else is held to less by {@link DoorHandler}. */
    private static final int MAX_HEAD = (1 << 20) + 16_384;

    private final HttpConfig config;
    private final Server server;
    private final ServerConnector connector;

    public HttpDoor(HttpConfig config, CommandHandler handler, WatchHandler watches) {
        this(config, handler, watches, InstantSource.system());
    }

    /**
     * A door to {@code handler}, and to {@code watches}, which is to be closed before it: a stop waits for streams.
     *
     * @param clock tells {@code now} of the first GoShare's pushes
     */
    public HttpDoor(HttpConfig config, CommandHandler handler, WatchHandler watches, InstantSource clock) {
        this.config = config;
        QueuedThreadPool threads = new QueuedThreadPool(32, 4);
        threads.setName("http");
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MAX_HEAD);
        http.setIdleTimeout(config.idle().toMillis());
        http.setHttpCompliance(HttpCompliance.RFC9110);
        http.setUriCompliance(UriCompliance.DEFAULT);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http)) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                SocketChannelEndPoint endPoint =
                        new AttentiveEndPoint(channel, selector, key, getScheduler(), getExecutor());
                endPoint.setIdleTimeout(getIdleTimeout());
                return endPoint;
            }
        };
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(1024);
        connector.setIdleTimeout(config.idle().toMillis());
        connector.setShutdownIdleTimeout(1000);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(config.maxConnections(), server));
        connector.addBean(new AddressLimit(config.maxConnectionsPerAddress()));
        server.setErrorHandler(new BadRequests());
        server.setHandler(new GracefulHandler(new DoorHandler(config, handler, watches, clock)));
        server.setStopTimeout(config.stopTimeout().toMillis());
        server.setStopAtShutdown(false); // the process stops all its parts, in their order
    }

    /**
     * Opens the port; requests are served from here on. What fails leaves nothing open.
     *
     * @throws BindException if the port is in use or the address is not this machine's
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            close();
            Throwable cause = e.getCause() instanceof BindException ? e.getCause() : e;
            if (cause instanceof BindException) {
                BindException failure = new BindException(
                        "HTTP cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage());
                failure.initCause(cause);
                throw failure;
            }
            throw new IOException("the HTTP door did not open", e);
        }
    }

    /** The port bound. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Refuses new requests, lets those under way end, closes. Twice does nothing more. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Requests were cut when the HTTP door closed: {}", e.toString());
        }
    }
}
