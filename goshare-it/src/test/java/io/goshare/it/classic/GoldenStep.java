package io.goshare.it.classic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of a transcript: a request and what the first GoShare answered. A step with {@code "reproduce": false} was
 * its fault, and says under {@code wanted} what is answered instead.
 */
record GoldenStep(JsonNode line) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static GoldenStep parse(String line) throws IOException {
        return new GoldenStep(JSON.readTree(line));
    }

    String name() {
        return line.path("seq").asText() + " step " + line.path("step").asInt();
    }

    String transport() {
        return line.path("transport").asText();
    }

    byte[] words() {
        return line.has("request_b64")
                ? Base64.getDecoder().decode(line.path("request_b64").asText())
                : line.path("request").asText().getBytes(StandardCharsets.UTF_8);
    }

    String method() {
        return line.path("request").path("method").asText();
    }

    String target() {
        return line.path("request").path("path").asText();
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        line.path("request")
                .path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        return headers;
    }

    byte[] body() {
        return line.path("request").path("body").asText("").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether there is a reply to compare: the fault's own reply is none. */
    boolean isChecked() {
        return !isFault() || line.has("wanted");
    }

    private boolean isFault() {
        return !line.path("reproduce").asBoolean(true);
    }

    private JsonNode expected() {
        return isFault() ? line.path("wanted") : line;
    }

    /** What differs from the transcript, or empty. {@code status} is the HTTP number, or 0 over ZeroMQ. */
    Optional<String> difference(int status, String contentType, byte[] reply) {
        JsonNode want = expected();
        if (status != 0 && status != want.path("status").asInt()) {
            return Optional.of("status " + status + " instead of " + want.path("status") + ": " + shown(reply));
        }
        if (status != 0
                && want.has("content_type")
                && !contentType.equals(want.path("content_type").asText())) {
            return Optional.of("content type " + contentType + " instead of " + want.path("content_type"));
        }
        return matches(want, reply) ? Optional.empty() : Optional.of(shown(reply) + " instead of " + want);
    }

    private static boolean matches(JsonNode want, byte[] reply) {
        String text = new String(reply, StandardCharsets.UTF_8);
        if (want.has("pattern")) {
            return Pattern.matches(want.path("pattern").asText(), text);
        }
        if (want.has("rows")) {
            List<String> rows = new ArrayList<>();
            want.path("rows").forEach(row -> rows.add(row.asText()));
            return sorted(rows).equals(sorted(Arrays.asList(text.split("\n", -1))));
        }
        if (want.has("response_prefix")) {
            String prefix = want.path("response_prefix").asText();
            return text.startsWith(prefix) && text.length() > prefix.length();
        }
        byte[] exact = want.has("response_b64")
                ? Base64.getDecoder().decode(want.path("response_b64").asText())
                : want.path("response").asText().getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(exact, reply);
    }

    private static List<String> sorted(List<String> rows) {
        return rows.stream().sorted().toList();
    }

    private static String shown(byte[] reply) {
        return "\"" + new String(reply, StandardCharsets.UTF_8) + "\"";
    }
}
