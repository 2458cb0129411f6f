package io.goshare.client.transport.http;

import io.goshare.client.transport.Transport;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.wire.HttpMessage;
import io.goshare.protocol.wire.HttpWire;
import io.goshare.protocol.wire.WireReply;
import io.goshare.protocol.wire.WireRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Carries commands over HTTP/1.1 on pooled connections. Safe for many threads. */
public final class HttpTransport implements Transport {
    private static final String WORD = "x-goshare-";
    private static final int IN_FLIGHT = 256;

    private final String endpoint;
    private final @Nullable String token;
    private final OkHttpClient client;
    private final OkHttpClient readingClient;
    private volatile boolean closed;

    /**
     * @param endpoint {@code host:port}
     * @param timeout of a call, when its command names none
     */
    public HttpTransport(String endpoint, Optional<String> token, Duration timeout) {
        this.endpoint = endpoint;
        this.token = token.orElse(null);
        Dispatcher dispatcher = new Dispatcher(threads());
        dispatcher.setMaxRequests(IN_FLIGHT);
        dispatcher.setMaxRequestsPerHost(IN_FLIGHT);
        // OkHttp would send a request again that may have been applied; only what reads is its to repeat.
        this.client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .socketFactory(new NoDelaySocketFactory())
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .connectTimeout(timeout)
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
    public CompletableFuture<Reply> handle(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (closed) {
            reply.completeExceptionally(new GoShareException(ErrorCode.CLOSED, "the connection is closed"));
            return reply;
        }
        try {
            Request request = request(HttpWire.print(new WireRequest(command, Optional.empty(), "", token)));
            boolean reads = command.verb().access() == Verb.Access.READ;
            Call call = (reads ? readingClient : client).newCall(request);
            command.get(Param.TIMEOUT)
                    .filter(given -> command.has(Param.TIMEOUT))
                    .ifPresent(nanos -> call.timeout().timeout(nanos, TimeUnit.NANOSECONDS));
            call.enqueue(new Answer(reply));
        } catch (GoShareException malformed) {
            reply.completeExceptionally(malformed);
        }
        return reply;
    }

    private Request request(HttpMessage message) {
        Request.Builder request = new Request.Builder().url("http://" + endpoint + message.target());
        message.headers().forEach(request::header);
        boolean bare = message.method().equals("GET");
        return request.method(message.method(), bare ? null : RequestBody.create(message.body()))
                .build();
    }

    private final class Answer implements Callback {
        private final CompletableFuture<Reply> reply;

        Answer(CompletableFuture<Reply> reply) {
            this.reply = reply;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                reply.complete(wireReply(response).read());
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

    private static WireReply wireReply(Response response) throws IOException {
        SortedMap<String, String> words = new TreeMap<>();
        for (String name : response.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(WORD)) {
                words.put(
                        lower.substring(WORD.length()),
                        Optional.ofNullable(response.header(name)).orElse(""));
            }
        }
        String type = Optional.ofNullable(response.header("Content-Type")).orElse("");
        return new WireReply(response.code(), words, type, response.body().bytes());
    }

    private GoShareException failure(IOException e) {
        if (closed) {
            return new GoShareException(ErrorCode.CLOSED, "the connection is closed", e);
        }
        if (e instanceof ConnectException) {
            return new GoShareException(ErrorCode.UNAVAILABLE, "no server answers at " + endpoint, e);
        }
        if (e instanceof InterruptedIOException) {
            return new GoShareException(
                    ErrorCode.TIMEOUT, "no reply from " + endpoint + " in time; it may have been done all the same", e);
        }
        return new GoShareException(
                ErrorCode.UNAVAILABLE,
                "the connection to " + endpoint + " broke: " + e + "; it may have been done all the same",
                e);
    }

    @Override
    public void close() {
        closed = true;
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
