package io.goshare.protocol.wire;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Text;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of strings of {@link Text}: any bytes pass. */
final class UrlText {
    private static final String UNRESERVED = "-._~";

    private UrlText() {}

    /**
     * @param plusIsBlank whether {@code +} is a blank, as in queries
     * @throws GoShareException BAD_REQUEST if an escape is none
     */
    static String decode(String text, boolean plusIsBlank) {
        byte[] in = Text.encode(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new GoShareException(
                            ErrorCode.BAD_REQUEST,
                            "the URL has a % that begins no escape of two hexadecimal digits; write %25 for one");
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(plusIsBlank && in[i] == '+' ? ' ' : in[i]);
            }
        }
        return Text.decode(out.toByteArray());
    }

    /** {@code text} so that every part of a URL takes it, slashes escaped too. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : Text.encode(text)) {
            boolean plain = b >= '0' && b <= '9'
                    || b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b > 0 && UNRESERVED.indexOf(b) >= 0;
            if (plain) {
                out.append((char) b);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /**
     * The parameters of a query, in order.
     *
     * @throws GoShareException BAD_REQUEST if one comes twice, there are more than {@code most}, or an escape is none
     */
    static Map<String, String> parameters(@Nullable String query, int most) {
        Map<String, String> out = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return out;
        }
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            if (out.put(name, value) != null) {
                throw GoShareException.badField(name, CommandWords.shortened(name) + " is given twice");
            }
            if (out.size() > most) {
                throw new GoShareException(ErrorCode.BAD_REQUEST, "a query has at most " + most + " parameters");
            }
        }
        return out;
    }
}
