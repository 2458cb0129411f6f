package io.goshare.client.transport.http;

import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Refusal;
import io.goshare.client.transport.Replies;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.WireReply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.ByteString;

/** What an HTTP server answered, or why it did not, told apart. */
final class Responses {
    private static final String WORD = "x-goshare-";
    private static final int MAX_REPLY_BYTES = 64 << 20;

    /** How OkHttp tells which bytes it had when a line did not end. */
    private static final Pattern BEGUN = Pattern.compile("not found: limit=[0-9]+ content=([0-9a-f]+)");

    private final String endpoint;

    Responses(String endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * The reply in {@code response}.
     *
     * @throws IOException if the connection ends before the reply does; see {@link #failure}
     */
    Reply read(Response response) throws IOException {
        SortedMap<String, String> words = words(response);
        if (words.isEmpty()) {
            throw stranger(response);
        }
        byte[] body = body(response.body());
        String type = Optional.ofNullable(response.header("Content-Type")).orElse("");
        try {
            return Replies.read(new WireReply(response.code(), words, type, body), endpoint);
        } catch (GoShareException refused) {
            String after = response.header("Retry-After");
            if (after != null && after.matches("[0-9]{1,6}")) {
                throw new Refusal(refused, Duration.ofSeconds(Long.parseLong(after)));
            }
            throw refused;
        }
    }

    private static SortedMap<String, String> words(Response response) {
        SortedMap<String, String> words = new TreeMap<>();
        for (String name : response.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(WORD)) {
                words.put(
                        lower.substring(WORD.length()).replace('-', '_'),
                        Optional.ofNullable(response.header(name)).orElse(""));
            }
        }
        return words;
    }

    /** A response without GoShare's words: a gateway before it that has no server now, an old GoShare, or neither. */
    private TransportException stranger(Response response) throws IOException {
        int status = response.code();
        if (status == 502 || status == 503 || status == 504) {
            return new TransportException(Fault.LOST, "a gateway at " + endpoint + " answers " + status);
        }
        String page = response.peekBody(64 << 10).string();
        if (page.contains("GoShare")) {
            return new TransportException(
                    Fault.OTHER_VERSION,
                    endpoint + " is a GoShare without version 1 of the protocol; upgrade it, or use its own client");
        }
        return new TransportException(
                Fault.NOT_GOSHARE,
                "what answers at " + endpoint + " with HTTP " + status + " is no GoShare; correct host and port");
    }

    private TransportException stranger(IOException e) {
        return new TransportException(
                Fault.NOT_GOSHARE, "what answers at " + endpoint + " does not speak HTTP; correct the port", e);
    }

    private byte[] body(ResponseBody body) throws IOException {
        BufferedSource source = body.source();
        if (body.contentLength() > MAX_REPLY_BYTES || source.request(MAX_REPLY_BYTES + 1L)) {
            throw new TransportException(
                    Fault.TOO_LARGE,
                    "the reply of " + endpoint + " is above " + MAX_REPLY_BYTES + " bytes; ask for smaller pages");
        }
        try {
            ByteString bytes = source.readByteString();
            if (body.contentLength() >= 0 && bytes.size() != body.contentLength()) {
                throw new EOFException();
            }
            return bytes.toByteArray();
        } catch (ProtocolException | EOFException e) {
            throw cut(e);
        }
    }

    private TransportException cut(IOException e) {
        return new TransportException(
                Fault.CUT, "the connection to " + endpoint + " ended in the middle of the reply", e);
    }

    /** The fault behind {@code e}; the request is known to be unsent only where no connection came to be. */
    TransportException failure(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof ConnectException || e instanceof UnknownHostException || e instanceof NoRouteToHostException) {
            return new TransportException(Fault.UNREACHABLE, "no server answers at " + endpoint, e);
        }
        if (e instanceof SocketTimeoutException && text.contains("connect")) {
            return new TransportException(Fault.UNREACHABLE, "no server answers at " + endpoint + " in time", e);
        }
        if (e instanceof ClosedByInterruptException
                || e instanceof InterruptedIOException && text.equals("interrupted")) {
            Thread.currentThread().interrupt();
            return new TransportException(Fault.INTERRUPTED, "interrupted while " + endpoint + " was asked", e);
        }
        if (e instanceof InterruptedIOException) {
            return new TransportException(
                    Fault.TIMED_OUT, "no reply from " + endpoint + " in time; it may have been done all the same", e);
        }
        Matcher begun = BEGUN.matcher(
                e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage()));
        if (begun.find()) {
            return begun.group(1).startsWith("48545450") ? cut(e) : stranger(e); // HTTP in hexadecimal
        }
        if (e instanceof ProtocolException && text.contains("end of stream")) {
            return cut(e);
        }
        if (e instanceof ProtocolException) {
            return stranger(e);
        }
        return new TransportException(
                Fault.LOST,
                "the connection to " + endpoint + " broke: " + e + "; it may have been done all the same",
                e);
    }
}
