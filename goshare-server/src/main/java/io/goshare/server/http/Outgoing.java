package io.goshare.server.http;

import io.goshare.protocol.wire.HttpWords;
import io.goshare.protocol.wire.WireReply;
import io.goshare.protocol.wire.classic.Answer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is to be sent: number, headers, body. */
record Outgoing(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    static Outgoing of(Answer answer) {
        return new Outgoing(answer.status(), Map.of("Content-Type", answer.contentType()), answer.body());
    }

    static Outgoing of(WireReply reply) {
        Map<String, String> headers = new LinkedHashMap<>(HttpWords.headers(reply.words()));
        if (!reply.contentType().isEmpty()) {
            headers.put("Content-Type", reply.contentType());
        }
        return new Outgoing(reply.status(), headers, reply.body());
    }

    static Outgoing html(byte[] page) {
        return new Outgoing(200, Map.of("Content-Type", "text/html"), page);
    }

    static Outgoing html(String page) {
        return html(page.getBytes(StandardCharsets.UTF_8));
    }

    static Outgoing noContent() {
        return new Outgoing(204, Map.of(), NOTHING);
    }

    Outgoing with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Outgoing(status, more, body);
    }
}
