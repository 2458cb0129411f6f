package io.goshare.protocol.format;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import java.util.TreeMap;

/**
 * Names of series as text, {@code a:b{dc=eu,rack=r1}}: a backslash takes the next character as it is, in tags as in
 * paths.
 */
public final class SeriesText {
    private SeriesText() {}

    /**
     * The series that the bytes name.
     *
     * @throws IllegalArgumentException that says what is wrong with them
     */
    static SeriesKey parse(byte[] text, int offset, int length) {
        return parse(Text.decode(text, offset, length));
    }

    /** The same for a string. */
    public static SeriesKey parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the path is empty");
        }
        int brace = unescaped(text, 0, "{");
        if (brace == text.length()) {
            return SeriesKey.of(Path.parse(text));
        }
        TreeMap<String, String> tags = new TreeMap<>();
        int at = brace + 1;
        while (!text.startsWith("}", at) || at + 1 != text.length()) {
            int equals = unescaped(text, at, "=,}");
            int stop = unescaped(text, equals + 1, ",}");
            if (!text.startsWith("=", equals) || stop >= text.length()) {
                throw new IllegalArgumentException(
                        "tags of \"" + text + "\" are not as in path{name=value,name=value}");
            }
            if (tags.put(unescape(text, at, equals), unescape(text, equals + 1, stop)) != null) {
                throw new IllegalArgumentException("a tag of \"" + text + "\" is given twice");
            }
            at = text.charAt(stop) == ',' ? stop + 1 : stop;
        }
        return SeriesKey.of(Path.parse(text.substring(0, brace)), tags);
    }

    /** The index of the first of {@code wanted} that no backslash takes, or the length. */
    private static int unescaped(String text, int from, String wanted) {
        int i = from;
        while (i < text.length() && wanted.indexOf(text.charAt(i)) < 0) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private static String unescape(String text, int from, int to) {
        if (text.indexOf('\\', from) < 0) {
            return text.substring(from, to);
        }
        StringBuilder out = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\\' && i + 1 < to) {
                i++;
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    /** What {@link #parse} reads back. */
    public static String print(SeriesKey key) {
        if (key.tags().isEmpty()) {
            return key.path().toString();
        }
        StringBuilder out = new StringBuilder(key.path().toString());
        char before = '{';
        for (var tag : key.tags().entrySet()) {
            escape(tag.getKey(), out.append(before));
            escape(tag.getValue(), out.append('='));
            before = ',';
        }
        return out.append('}').toString();
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            if ("\\,=}{".indexOf(text.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(text.charAt(i));
        }
    }
}
