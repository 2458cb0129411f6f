package io.goshare.protocol.wire.classic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.goshare.protocol.model.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON as Go's encoding/json reads and writes it: what is no Unicode becomes U+FFFD, HTML's characters are escaped. */
final class GoJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private GoJson() {}

    /**
     * An object of strings; a repeated name keeps its last value.
     *
     * @throws MalformedDataException if {@code text} is anything else
     */
    static Map<String, String> parseObject(String text) throws MalformedDataException {
        try (JsonParser json = FACTORY.createParser(Text.shown(text))) {
            Map<String, String> out = new LinkedHashMap<>();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedDataException("the data is no JSON object of strings, such as {\"key\":\"value\"}");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = Text.shown(json.currentName());
                if (json.nextToken() != JsonToken.VALUE_STRING) {
                    throw new MalformedDataException(
                            "the JSON value of \"" + name + "\" is no string; put it in quotes");
                }
                out.put(name, Text.shown(json.getText()));
            }
            refuseTrailing(json);
            return out;
        } catch (IOException e) {
            throw new MalformedDataException("the data is no JSON: " + reason(e));
        }
    }

    /**
     * A list; whatever in it is no string counts as an empty one.
     *
     * @throws MalformedDataException if {@code text} is no list
     */
    static List<String> parseList(String text) throws MalformedDataException {
        try (JsonParser json = FACTORY.createParser(Text.shown(text))) {
            List<String> out = new ArrayList<>();
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new MalformedDataException("the data is no JSON list of keys, such as [\"a\",\"b\"]");
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                out.add(json.currentToken() == JsonToken.VALUE_STRING ? Text.shown(json.getText()) : "");
                json.skipChildren();
            }
            refuseTrailing(json);
            return out;
        } catch (IOException e) {
            throw new MalformedDataException("the data is no JSON: " + reason(e));
        }
    }

    private static void refuseTrailing(JsonParser json) throws IOException, MalformedDataException {
        if (json.nextToken() != null) {
            throw new MalformedDataException("something follows the end of the JSON");
        }
    }

    /** Jackson's first line, without the place in our source that it names. */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("malformed");
    }

    /** A compact object, its names sorted by their bytes. */
    static String write(Map<String, String> object) {
        Map<byte[], String> sorted = new TreeMap<>(Arrays::compareUnsigned);
        object.forEach((name, value) -> sorted.put(Text.encode(name), value));
        StringBuilder out = new StringBuilder("{");
        sorted.forEach((name, value) -> {
            out.append(out.length() == 1 ? "" : ",");
            write(Text.decode(name), out);
            out.append(':');
            write(value, out);
        });
        return out.append('}').toString();
    }

    private static void write(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(point -> {
            switch (point) {
                case '"', '\\' -> out.append('\\').append((char) point);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', 0x2028, 0x2029 -> escape(point, out);
                default -> {
                    if (point < ' ') {
                        escape(point, out);
                    } else if (point >= 0xD800 && point <= 0xDFFF) { // a byte that is no UTF-8: see Text
                        out.append("\\ufffd");
                    } else {
                        out.appendCodePoint(point);
                    }
                }
            }
        });
        out.append('"');
    }

    private static void escape(int point, StringBuilder out) {
        out.append(String.format(java.util.Locale.ROOT, "\\u%04x", point));
    }
}
