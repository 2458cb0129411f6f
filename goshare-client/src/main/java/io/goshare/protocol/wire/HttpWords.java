package io.goshare.protocol.wire;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The words of a reply as headers {@code X-GoShare-…}, both directions; values percent-encoded where they must be. */
public final class HttpWords {
    private static final String PREFIX = "X-GoShare-";

    private HttpWords() {}

    /** Header names and values of {@code words}. */
    public static Map<String, String> headers(SortedMap<String, String> words) {
        Map<String, String> out = new TreeMap<>();
        words.forEach((name, value) -> out.put(header(name), encode(value)));
        return out;
    }

    private static String header(String word) {
        StringBuilder out = new StringBuilder(PREFIX);
        boolean first = true;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            out.append(c == '_' ? '-' : first ? Character.toUpperCase(c) : c);
            first = c == '_';
        }
        return out.toString();
    }

    /** The words among {@code headers}, whose names may be in any case. */
    public static SortedMap<String, String> words(Map<String, String> headers) {
        SortedMap<String, String> out = new TreeMap<>();
        headers.forEach((name, value) -> {
            if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                String word =
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('-', '_');
                out.put(word, UrlText.decode(value, false));
            }
        });
        return out;
    }

    private static String encode(String value) {
        boolean plain = value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '%');
        return plain ? value : UrlText.encode(value);
    }
}
