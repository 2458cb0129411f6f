package io.goshare.server.http;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.wire.WireReply;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses before a handler sees it: a number and a sentence, nothing of the request. */
final class BadRequests extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = switch (response.getStatus()) {
            case 414 -> 431; // a request line of more than a MiB; the first GoShare's number
            case 505 -> 400; // another version, or noise where the version stands
            default -> response.getStatus();
        };
        ErrorCode code = switch (status) {
            case 408 -> ErrorCode.TIMEOUT;
            case 413, 431 -> ErrorCode.TOO_LARGE;
            case 503 -> ErrorCode.CLOSED;
            default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.BAD_REQUEST;
        };
        String message = switch (status) {
            case 431 -> "the request line or the headers are too long";
            case 503 -> "the server is stopping";
            default -> status >= 500 ? "the server failed" : "the request is no well-formed HTTP/1.1";
        };
        Outgoing out = Outgoing.of(WireReply.of(new GoShareException(code, message), Optional.of(Format.JSON), ""));
        response.setStatus(status);
        out.headers().forEach(response.getHeaders()::put);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, out.body().length);
        response.write(true, ByteBuffer.wrap(out.body()), callback);
        return true;
    }
}
