package io.goshare.protocol.wire;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as the wire sees it, whoever carries it.
 *
 * @param path as sent, escapes and all, from the first slash
 * @param query as sent, without the question mark, or null
 * @param headers names in any case; the first value of each
 */
public record HttpMessage(
        String method, String path, @Nullable String query, Map<String, String> headers, byte[] body) {
    public HttpMessage {
        Map<String, String> any = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        any.putAll(headers);
        headers = any;
    }

    /** The value of a header, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Path and query. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }
}
