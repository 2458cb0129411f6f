package io.goshare.server.http;

import io.goshare.protocol.Command;
import io.goshare.protocol.CommandHandler;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.wire.HttpMessage;
import io.goshare.protocol.wire.HttpWire;
import io.goshare.protocol.wire.Incident;
import io.goshare.protocol.wire.LoginLimiter;
import io.goshare.protocol.wire.WireReply;
import io.goshare.protocol.wire.WireRequest;
import io.goshare.protocol.wire.classic.Action;
import io.goshare.protocol.wire.classic.ClassicCall;
import io.goshare.protocol.wire.classic.ClassicForm;
import io.goshare.protocol.wire.classic.Form;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to its route. Runs on the selector's thread and never waits; a reply may come from any thread. */
final class DoorHandler extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(DoorHandler.class);
    private static final int MAX_TARGET = 8192;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_CLASSIC_LINE = 1 << 20;
    private static final int MAX_FORM = 10 << 20;

    private final HttpConfig config;
    private final CommandHandler handler;
    private final WatchHandler watches;
    private final InstantSource clock;
    private final LoginLimiter logins;
    private final Guard guard;
    private final Budget budget;
    private final Pages pages = new Pages();

    DoorHandler(HttpConfig config, CommandHandler handler, WatchHandler watches, InstantSource clock) {
        this.config = config;
        this.handler = handler;
        this.watches = watches;
        this.clock = clock;
        this.logins = new LoginLimiter(config.token(), clock);
        this.guard = new Guard(config);
        this.budget = new Budget(config.maxBytesInFlight());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpMessage head = head(request);
        HttpExchange exchange = new HttpExchange(
                request, response, callback, config.requestDeadline().toMillis(), failure -> error(head, failure));
        try {
            route(request, head, exchange);
        } catch (RuntimeException | Error e) {
            exchange.fail(Incident.of(e, LOG));
        }
        return true;
    }

    private static HttpMessage head(Request request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            headers.putIfAbsent(field.getName(), value == null ? "" : value);
        }
        String path = request.getHttpURI().getPath();
        return new HttpMessage(
                request.getMethod(),
                path == null ? "/" : path,
                request.getHttpURI().getQuery(),
                headers,
                new byte[0]);
    }

    private void route(Request request, HttpMessage head, HttpExchange exchange) {
        boolean classic = config.classic() && ClassicForm.isRoute(head.path());
        checkSize(request, head, classic);
        checkText(head);
        guard.check(head);
        if (head.header("Content-Encoding") != null) {
            throw new GoShareException(
                    ErrorCode.UNSUPPORTED_FORMAT, "bodies are taken as they are, without Content-Encoding");
        }
        if (!HttpWire.isApi(head.path()) && !classic && !isFigures(head.path())) {
            exchange.send(pages.at(head.path()).orElseGet(pages::index));
            return;
        }
        logins.check(HttpWire.bearer(head), Request.getRemoteAddr(request));
        if (classic) {
            classic(request, head, exchange);
        } else if (EventStream.isAskedFor(head)) {
            watch(request, head, exchange);
        } else if (HttpWire.isApi(head.path())) {
            readBody(request, exchange, config.maxBodyBytes(), body -> api(head, body, exchange));
        } else if (head.path().equals("/metrics")) {
            answer(
                    Command.of(Verb.METRICS),
                    exchange,
                    reply -> Outgoing.of(WireReply.of(reply, Optional.empty(), "ns")));
        } else {
            answer(Command.of(Verb.INFO), exchange, reply -> pages.status(StatusPage.rows(reply)));
        }
    }

    private static boolean isFigures(String path) {
        return path.equals("/status") || path.equals("/metrics");
    }

    private static void checkSize(Request request, HttpMessage head, boolean classic) {
        int line = head.method().length() + head.target().length() + " HTTP/1.1".length() + 1;
        if (classic) {
            if (line > MAX_CLASSIC_LINE) {
                throw new Oversize(431, "a request line has at most 1 MiB");
            }
            return;
        }
        if (head.target().length() > MAX_TARGET) {
            throw new Oversize(414, "a URL has at most " + MAX_TARGET + " characters; send parameters as body");
        }
        long headers = 0;
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            headers += field.getName().length() + (value == null ? 0 : value.length()) + 4;
        }
        if (headers > MAX_HEADERS) {
            throw new Oversize(431, "headers have at most " + MAX_HEADERS + " bytes");
        }
        if (head.path().toLowerCase(Locale.ROOT).contains("%00") && !HttpWire.isResource(head.path())) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the path holds a zero byte");
        }
    }

    /**
     * Jetty has put U+FFFD where a URL was no UTF-8: what was sent is lost, and another key must not take its place.
     */
    private static void checkText(HttpMessage head) {
        if (head.target().indexOf('\uFFFD') >= 0) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST, "the URL holds bytes that are no UTF-8; escape them, such as %FF");
        }
    }

    private void readBody(Request request, HttpExchange exchange, int most, Consumer<byte[]> then) {
        BodyReader reader = new BodyReader(
                request,
                most,
                budget,
                body -> {
                    try {
                        then.accept(body);
                    } catch (RuntimeException | Error e) {
                        exchange.fail(Incident.of(e, LOG));
                    }
                },
                exchange::fail);
        exchange.reads(reader);
        reader.start();
    }

    private void classic(Request request, HttpMessage head, HttpExchange exchange) {
        Optional<Action> action = ClassicForm.action(head.method(), head.path());
        if (action.isEmpty()) {
            exchange.send(Outgoing.of(ClassicForm.nothing()));
        } else if (ClassicForm.readsBody(head.method(), head.header("Content-Type"))) {
            readBody(request, exchange, MAX_FORM, body -> {
                Form form = new Form()
                        .add(io.goshare.protocol.model.Text.decode(body))
                        .add(query(head));
                classic(ClassicForm.parse(action.get(), form, clock), exchange);
            });
        } else {
            classic(ClassicForm.parse(action.get(), new Form().add(query(head)), clock), exchange);
        }
    }

    private static String query(HttpMessage head) {
        String query = head.query();
        return query == null ? "" : query;
    }

    private void classic(ClassicCall call, HttpExchange exchange) {
        if (call.command().isEmpty()) {
            exchange.send(Outgoing.of(call.answer()));
            return;
        }
        answer(
                call.command().get(),
                exchange,
                reply -> Outgoing.of(call.answer(reply)),
                failure -> Outgoing.of(call.answer(failure)));
    }

    private void watch(Request request, HttpMessage head, HttpExchange exchange) {
        Command command = HttpWire.parse(EventStream.resumed(head)).command();
        InetAddress peer = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : null;
        String address = peer == null || peer.isLoopbackAddress() ? "" : peer.getHostAddress();
        watches.watch(command, address).subscribe(new EventStream(exchange, command));
    }

    private void api(HttpMessage head, byte[] body, HttpExchange exchange) {
        HttpMessage message = new HttpMessage(head.method(), head.path(), head.query(), head.headers(), body);
        WireRequest request = HttpWire.parse(message);
        answer(request.command(), exchange, reply -> api(message, request, reply));
    }

    private static Outgoing api(HttpMessage message, WireRequest request, Reply reply) {
        if (HttpWire.isInflux(message.path())) {
            return Outgoing.noContent();
        }
        Outgoing out = Outgoing.of(request.print(reply));
        String revision = reply.notes().get("revision");
        if (HttpWire.isResource(message.path()) && revision != null) {
            out = out.with("ETag", "\"" + revision + "\"");
        }
        return reply.result() instanceof Result.Single ? attachment(out) : out;
    }

    /** A value is whatever its writer says, a page with scripts as well: no browser shows it as one. */
    private static Outgoing attachment(Outgoing out) {
        boolean raw = Format.RAW.contentType().equals(out.headers().get("Content-Type"));
        return raw ? out.with("Content-Disposition", "attachment") : out;
    }

    private void answer(Command command, HttpExchange exchange, Function<Reply, Outgoing> print) {
        answer(command, exchange, print, failure -> null);
    }

    /** @param failed how a failure looks; null for the exchange's own way */
    private void answer(
            Command command,
            HttpExchange exchange,
            Function<Reply, Outgoing> print,
            Function<GoShareException, @org.jspecify.annotations.Nullable Outgoing> failed) {
        CompletableFuture<Reply> future = handler.handle(limited(command));
        if (mayBeAbandoned(command) && !future.isDone()) {
            exchange.whenGone(() -> future.cancel(false));
        }
        var unused = future.handle((reply, failure) -> {
            try {
                if (failure == null) {
                    exchange.send(print.apply(reply));
                } else if (failure instanceof CancellationException) {
                    exchange.fail(new GoShareException(
                            ErrorCode.CLOSED,
                            "the connection was closed before the reply; keep it open, or send Connection: close"));
                } else {
                    refuse(exchange, Incident.of(failure, LOG), failed);
                }
            } catch (RuntimeException | Error e) {
                refuse(exchange, Incident.of(e, LOG), failed);
            }
            return reply;
        });
    }

    /** Writes are done whoever waits; the first GoShare's clients may have closed their half at once. */
    private static boolean mayBeAbandoned(Command command) {
        return command.verb().access() == Verb.Access.READ && command.verb() != Verb.READ;
    }

    private static void refuse(
            HttpExchange exchange,
            GoShareException failure,
            Function<GoShareException, @org.jspecify.annotations.Nullable Outgoing> failed) {
        Outgoing out = failed.apply(failure);
        if (out == null) {
            exchange.fail(failure);
        } else {
            exchange.send(out);
        }
    }

    /** {@code command} with no longer a timeout than the door's deadline. */
    private Command limited(Command command) {
        long most = config.requestDeadline().toNanos();
        return command.has(Param.TIMEOUT) && command.require(Param.TIMEOUT) > most
                ? command.with(Param.TIMEOUT, most)
                : command;
    }

    private static Outgoing error(HttpMessage head, GoShareException failure) {
        Optional<Format> format = Optional.empty();
        String query = head.query();
        if (query != null && HttpWire.isApi(head.path())) {
            format = HttpWire.formatNamed(query);
        }
        Outgoing out = Outgoing.of(WireReply.of(failure, format, ""));
        if (failure instanceof Oversize oversize) {
            return new Outgoing(oversize.status, out.headers(), out.body()).with("Connection", "close");
        }
        return switch (failure.code()) {
            case UNAUTHORIZED -> out.with("WWW-Authenticate", "Bearer realm=\"goshare\"");
            case BUSY, UNAVAILABLE -> out.with("Retry-After", "1");
            case METHOD_NOT_ALLOWED -> out.with("Allow", HttpWire.allowed(head.path()));
            case TOO_LARGE -> out.with("Connection", "close");
            default -> out;
        };
    }

    long bytesInFlight() {
        return budget.used();
    }

    /** A head that is too long, for which HTTP has numbers of its own. */
    private static final class Oversize extends GoShareException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Oversize(int status, String message) {
            super(ErrorCode.TOO_LARGE, message);
            this.status = status;
        }
    }
}
