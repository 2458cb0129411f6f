package io.goshare.client;

import io.goshare.client.batch.BatchWriter;
import io.goshare.client.call.Caller;
import io.goshare.client.call.RetryPolicy;
import io.goshare.client.error.CallException;
import io.goshare.client.error.ConfigurationException;
import io.goshare.client.statement.Admin;
import io.goshare.client.statement.Kv;
import io.goshare.client.statement.Namespace;
import io.goshare.client.statement.Namespaces;
import io.goshare.client.statement.Point;
import io.goshare.client.statement.Prepared;
import io.goshare.client.statement.Query;
import io.goshare.client.statement.Series;
import io.goshare.client.statement.SeriesCommands;
import io.goshare.client.statement.Session;
import io.goshare.client.statement.Watch;
import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Target;
import io.goshare.client.transport.TransportProvider;
import io.goshare.protocol.Command;
import io.goshare.protocol.Reply;
import io.goshare.protocol.model.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A connection to GoShare: a server over HTTP or ZeroMQ, or a store in this process. One is enough for an application;
 * its faces are cheap. Safe for many threads. Connects with the first call, again after a failure, and to another host
 * where there are several. {@link #close} ends calls under way and all threads.
 *
 * <pre>{@code
 * try (GoShare db = GoShare.connect("goshare:http://127.0.0.1:9999")) {
 *     db.kv().put("site:name", "Oslo");
 *     db.series("host:web1:cpu").write(58.25);
 * }
 * }</pre>
 */
public final class GoShare implements AutoCloseable {
    /** Where a connection leads when nothing says otherwise. */
    public static final String DEFAULT_URL = "goshare:http://127.0.0.1:9999";

    private final ConnectionUrl url;
    private final ClientConfig config;
    private final Caller caller;
    private final Session session;

    private GoShare(ConnectionUrl url, ClientConfig config, Caller caller, Session session) {
        this.url = url;
        this.config = config;
        this.caller = caller;
        this.session = session;
    }

    /**
     * A connection as {@code url} says; see {@link ConnectionUrl}.
     *
     * @throws ConfigurationException if the URL or a setting cannot be used; a server that is not there shows with the
     *     first call
     */
    public static GoShare connect(String url) {
        return builder().url(url).build();
    }

    /**
     * Collects how to connect. What it is given beats the URL, the URL system properties, and these the environment.
     */
    public static Builder builder() {
        return new Builder(System::getProperty, System::getenv);
    }

    /** The key-value face. */
    public Kv kv() {
        return new Kv(session);
    }

    /** The tree of values at {@code path}, {@code plant:7}; an empty one is the connection's namespace. */
    public Namespace namespace(String path) {
        return new Namespace(session, path);
    }

    /** The series {@code path}, {@code room:b12:temp}. */
    public Series series(String path) {
        return new Series(session, path);
    }

    /**
     * A question about the series that {@code selector} finds, {@code host:*:cpu{dc=eu}}.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public Query query(String selector) {
        return new Query(session, Selector.parse(selector));
    }

    /**
     * What changes of the values and series that {@code selector} finds, {@code **} for all.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public Watch watch(String selector) {
        return new Watch(session, Selector.parse(selector));
    }

    /** A question in words with places for values; see {@link Prepared}. */
    public Prepared prepare(String words) {
        return new Prepared(session, words);
    }

    public Admin admin() {
        return new Admin(session);
    }

    /**
     * Writes points of any series in one request, all or none; 100,000 at most. No points are not sent.
     *
     * @throws CallException if they are not written; its {@link CallException#row} counts points series by series
     */
    public void write(Collection<Point> points) {
        if (!points.isEmpty()) {
            caller.call(SeriesCommands.write(session, points));
        }
    }

    /** {@link #write} with a future. */
    public CompletableFuture<Void> writeAsync(Collection<Point> points) {
        return points.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : caller.send(SeriesCommands.write(session, points)).thenApply(reply -> null);
    }

    /** A writer of many points; see {@link BatchWriter}. */
    public BatchWriter.Builder batchWriter() {
        return BatchWriter.builder(session)
                .maxRows(config.integer(Option.BATCH_ROWS))
                .maxBytes(config.integer(Option.BATCH_BYTES))
                .every(config.duration(Option.BATCH_INTERVAL));
    }

    /**
     * Carries any command as it stands, such as one that no face has.
     *
     * @throws CallException what it ended with
     */
    public Reply execute(Command command) {
        return caller.call(command);
    }

    /** {@link #execute} with a future. */
    public CompletableFuture<Reply> executeAsync(Command command) {
        return caller.send(command);
    }

    /** What this connection can do that another cannot. */
    public Capabilities capabilities() {
        return caller.capabilities();
    }

    /** The settings in force, by key, but for secrets. */
    public Map<String, String> settings() {
        return config.shown();
    }

    /** Twice is harmless. Calls under way fail with a {@link io.goshare.client.error.ClientClosedException}. */
    @Override
    public void close() {
        caller.close();
    }

    /** The URL without secrets. */
    @Override
    public String toString() {
        return url.toString();
    }

    /** Collects the settings of a connection. For one thread. */
    public static final class Builder {
        private final UnaryOperator<@Nullable String> properties;
        private final UnaryOperator<@Nullable String> environment;
        private final Map<Option, String> options = new EnumMap<>(Option.class);
        private final List<ClientListener> listeners = new ArrayList<>();
        private Optional<String> url = Optional.empty();
        private Optional<String> namespace = Optional.empty();
        private Optional<TransportProvider> provider = Optional.empty();

        Builder(UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
            this.properties = properties;
            this.environment = environment;
        }

        /**
         * The connection URL. Default: the system property {@code goshare.url}, else {@code GOSHARE_URL}, else
         * {@link #DEFAULT_URL}.
         */
        public Builder url(String newUrl) {
            url = Optional.of(newUrl);
            return this;
        }

        /**
         * Any setting, as a URL spells it.
         *
         * @throws ConfigurationException if there is none of this key, or the text is malformed
         */
        public Builder with(String key, String text) {
            return with(Option.named(key), text);
        }

        /** @throws ConfigurationException if the text is malformed */
        public Builder with(Option option, String text) {
            options.put(option, option.read(text));
            return this;
        }

        /** The path that all paths are below, {@code plant:7}. Default the URL's, else none. */
        public Builder namespace(String path) {
            namespace = Optional.of(path);
            return this;
        }

        /** Encoding of bodies. Default {@code columns}: points in columns, all else in MessagePack. */
        public Builder encoding(String word) {
            return with(Option.ENCODING, word);
        }

        /** The whole time of a call. Default 30 s. */
        public Builder timeout(Duration timeout) {
            return with(Option.TIMEOUT, text(timeout));
        }

        /**
         * The time of one attempt. Default the call's; of several hosts what is left by those not asked yet, 1 s at
         * least.
         */
        public Builder attemptTimeout(Duration timeout) {
            return with(Option.ATTEMPT_TIMEOUT, text(timeout));
        }

        /** The time for a connection to stand. Default 5 s. */
        public Builder connectTimeout(Duration timeout) {
            return with(Option.CONNECT_TIMEOUT, text(timeout));
        }

        /** Attempts after the first. Default 5. */
        public Builder retries(int retries) {
            return with(Option.RETRIES, Integer.toString(retries));
        }

        /** The bearer token; it never prints. Default none. */
        public Builder token(String token) {
            return with(Option.TOKEN, token);
        }

        /** Rows that a cursor fetches at once. Default 1,000. */
        public Builder page(int rows) {
            return with(Option.PAGE, Integer.toString(rows));
        }

        /** What an acknowledgement means, {@code interval} or {@code always}. Default the server's. */
        public Builder durability(String word) {
            return with(Option.DURABILITY, word);
        }

        /** Told of each call that ended. Default none; each call adds one. */
        public Builder listener(ClientListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Makes the transports, instead of one that is found. */
        public Builder transport(TransportProvider own) {
            provider = Optional.of(own);
            return this;
        }

        private static String text(Duration duration) {
            return io.goshare.protocol.Durations.print(duration.toNanos());
        }

        /** @throws ConfigurationException if the URL or a setting cannot be used */
        public GoShare build() {
            ConnectionUrl parsed =
                    ConnectionUrl.parse(url.or(() -> Optional.ofNullable(properties.apply("goshare.url")))
                            .or(() -> Optional.ofNullable(environment.apply("GOSHARE_URL")))
                            .orElse(DEFAULT_URL));
            ClientConfig config = ClientConfig.of(options, parsed.options(), properties, environment);
            TransportProvider transports = provider.orElseGet(() -> Providers.of(parsed.scheme()));
            if (parsed.hosts().isEmpty() && transports.defaultPort() > 0) {
                throw new ConfigurationException(
                        null,
                        "goshare:" + parsed.scheme() + ": needs a host; write goshare:" + parsed.scheme() + "://host");
            }
            Caller caller = new Caller(
                    policy(config),
                    addresses(parsed, transports),
                    address -> Providers.open(transports, target(parsed, address, config)),
                    listeners);
            Session session = new Session(
                    caller,
                    config.points(),
                    config.rows(),
                    config.integer(Option.PAGE),
                    new Namespaces(namespace.map(ConnectionUrl::namespace).or(parsed::namespace)),
                    config.get(Option.DURABILITY),
                    Optional.empty());
            if (parsed.hosts().isEmpty()) {
                open(caller);
            }
            return new GoShare(parsed, config, caller, session);
        }

        /** A store in this process is opened at once: what is wrong with it is no matter of time. */
        private static void open(Caller caller) {
            try {
                var unused = caller.capabilities();
            } catch (RuntimeException e) {
                caller.close();
                throw e;
            }
        }

        private static RetryPolicy policy(ClientConfig config) {
            long timeout = config.duration(Option.TIMEOUT).toNanos();
            return new RetryPolicy(
                    timeout,
                    config.attemptTimeout()
                            .map(attempt -> OptionalLong.of(attempt.toNanos()))
                            .orElse(OptionalLong.empty()),
                    config.integer(Option.RETRIES));
        }

        private static List<String> addresses(ConnectionUrl url, TransportProvider provider) {
            if (url.hosts().isEmpty()) {
                return List.of(url.place());
            }
            return url.hosts().stream()
                    .map(host -> host.matches(".*:[0-9]+") ? host : host + ":" + provider.defaultPort())
                    .toList();
        }

        private static Target target(ConnectionUrl url, String address, ClientConfig config) {
            return new Target(
                    url.scheme(),
                    address,
                    config.get(Option.TOKEN),
                    config.duration(Option.TIMEOUT),
                    config.duration(Option.CONNECT_TIMEOUT),
                    config.shown());
        }

        /** Without secrets. */
        @Override
        public String toString() {
            return "GoShare.Builder" + options.keySet();
        }
    }

    /** For tests of what the process says. */
    static Builder builder(UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
        return new Builder(properties, environment);
    }
}
