package io.goshare.client.transport.http;

import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.wire.HttpMessage;
import io.goshare.protocol.wire.HttpWire;
import io.goshare.protocol.wire.WireRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Carries commands over HTTP/1.1 on pooled connections. {@link #call} runs on the caller's thread. Safe for many
 * threads.
 */
public final class HttpTransport implements Transport {
    private static final int IN_FLIGHT = 256;
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private final String endpoint;
    private final @Nullable String token;
    private final OkHttpClient client;
    private final OkHttpClient readingClient;
    private final Responses responses;
    private volatile boolean closed;

    /** With {@code timeout} for connections too. */
    public HttpTransport(String endpoint, Optional<String> token, Duration timeout) {
        this(endpoint, token, timeout, timeout);
    }

    /**
     * @param endpoint {@code host:port}
     * @param timeout of a call, when its command names none
     * @param connectTimeout for a connection to stand
     */
    public HttpTransport(String endpoint, Optional<String> token, Duration timeout, Duration connectTimeout) {
        this.endpoint = endpoint;
        this.token = token.orElse(null);
        this.responses = new Responses(endpoint);
        Dispatcher dispatcher = new Dispatcher(threads());
        dispatcher.setMaxRequests(IN_FLIGHT);
        dispatcher.setMaxRequestsPerHost(IN_FLIGHT);
        // OkHttp would send a request again that may have been applied; only what reads is its to repeat.
        this.client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(64, 1, TimeUnit.MINUTES))
                .socketFactory(new NoDelaySocketFactory())
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(connectTimeout)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .callTimeout(timeout)
                .build();
        this.readingClient = client.newBuilder().retryOnConnectionFailure(true).build();
    }

    private static ExecutorService threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, IN_FLIGHT, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "goshare-http-client-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, MAX_REQUEST_BYTES, IN_FLIGHT);
    }

    @Override
    public Reply call(Command command) {
        Call call = begin(command);
        try (Response response = call.execute()) {
            return responses.read(response);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public CompletableFuture<Reply> handle(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            Call call = begin(command);
            call.enqueue(new Answer(reply));
            var unused = reply.whenComplete((done, failed) -> {
                if (reply.isCancelled()) {
                    call.cancel();
                }
            });
        } catch (GoShareException refused) {
            reply.completeExceptionally(refused);
        }
        return reply;
    }

    private Call begin(Command command) {
        if (closed) {
            throw new TransportException(Fault.CLOSED, "the connection is closed");
        }
        Request request = request(HttpWire.print(new WireRequest(command, Optional.empty(), "", token)));
        boolean reads = command.verb().access() == Verb.Access.READ;
        Call call = (reads ? readingClient : client).newCall(request);
        if (command.has(Param.TIMEOUT)) {
            call.timeout().timeout(command.require(Param.TIMEOUT), TimeUnit.NANOSECONDS);
        }
        return call;
    }

    private Request request(HttpMessage message) {
        if (message.body().length > MAX_REQUEST_BYTES) {
            throw new TransportException(
                    Fault.TOO_LARGE,
                    "a request of " + message.body().length + " bytes is above the " + MAX_REQUEST_BYTES
                            + " that a body may have (the server's max-body); send smaller batches");
        }
        try {
            Request.Builder request = new Request.Builder().url("http://" + endpoint + message.target());
            message.headers().forEach(request::header);
            boolean bare = message.method().equals("GET");
            return request.method(message.method(), bare ? null : RequestBody.create(message.body()))
                    .build();
        } catch (IllegalArgumentException e) {
            // A header's text may be the token, so OkHttp's own message is left out.
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST, "no HTTP request can be made to " + endpoint + "; is the token ASCII?");
        }
    }

    private final class Answer implements Callback {
        private final CompletableFuture<Reply> reply;

        Answer(CompletableFuture<Reply> reply) {
            this.reply = reply;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                reply.complete(responses.read(response));
            } catch (GoShareException refused) {
                reply.completeExceptionally(refused);
            } catch (IOException e) {
                onFailure(call, e);
            }
        }

        @Override
        public void onFailure(Call call, IOException e) {
            reply.completeExceptionally(failure(e));
        }
    }

    private TransportException failure(IOException e) {
        return closed ? new TransportException(Fault.CLOSED, "the connection is closed", e) : responses.failure(e);
    }

    /** Threads end within moments: those of calls under way are cancelled, idle ones told to go. */
    @Override
    public void close() {
        closed = true;
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
