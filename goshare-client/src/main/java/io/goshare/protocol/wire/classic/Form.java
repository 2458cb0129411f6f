package io.goshare.protocol.wire.classic;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Text;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Form fields by Go's net/url: pairs with a bad escape or a semicolon are dropped, repeated names keep their order. */
public final class Form {
    /** Most fields of one request; a client has a dozen. */
    private static final int MAX_FIELDS = 10_000;

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private int count;

    /**
     * Adds the fields of {@code encoded}, a string of {@link Text}, behind those there are.
     *
     * @throws GoShareException TOO_LARGE if there are more than 10,000
     */
    public Form add(String encoded) {
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty() && pair.indexOf(';') < 0) {
                int equals = pair.indexOf('=');
                String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
                String value = unescape(equals < 0 ? "" : pair.substring(equals + 1));
                if (name != null && value != null) {
                    put(name, value);
                }
            }
        }
        return this;
    }

    private void put(String name, String value) {
        if (++count > MAX_FIELDS) {
            throw new GoShareException(ErrorCode.TOO_LARGE, "a form has at most " + MAX_FIELDS + " fields");
        }
        fields.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** The first value of {@code name}, or an empty string. */
    String get(String name) {
        List<String> values = fields.get(name);
        return values == null ? "" : values.get(0);
    }

    /** Go's {@code %q} of the whole: {@code map["key":["zz" "yy"] "type":["ns"]]}, sorted by name. */
    String printed() {
        Map<byte[], List<String>> sorted = new TreeMap<>(Arrays::compareUnsigned);
        fields.forEach((name, values) -> sorted.put(Text.encode(name), values));
        StringBuilder out = new StringBuilder("map[");
        sorted.forEach((name, values) -> {
            out.append(out.length() == 4 ? "" : " ");
            GoText.quote(Text.decode(name), out);
            out.append(":[");
            for (int i = 0; i < values.size(); i++) {
                out.append(i == 0 ? "" : " ");
                GoText.quote(values.get(i), out);
            }
            out.append(']');
        });
        return out.append(']').toString();
    }

    /** {@code text} with its escapes undone, or null where one is none. */
    private static @Nullable String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        byte[] in = Text.encode(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i] == '+' ? ' ' : in[i]);
            }
        }
        return Text.decode(out.toByteArray());
    }
}
