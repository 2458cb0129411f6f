package io.goshare.protocol.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many instructions RE2's program of an expression has, about: it writes repetitions out, so that
 * {@code ((x{1000}){1000}){1000}} is one of a thousand million. For one thread.
 */
final class RegexSize {
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    /**
     * What is escaped and may have braces of its own, such as {@code \pL}, {@code \p{Greek}} and {@code \x{10FFFF}}.
     */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[pPx]\\{[^}]*}|.)", Pattern.DOTALL);

    private final String text;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    private long total;
    /** Of what a repetition would repeat. */
    private long last;

    private RegexSize(String text) {
        this.text = text;
    }

    static long of(String text) {
        RegexSize size = new RegexSize(text);
        while (size.at < text.length()) {
            size.step();
        }
        return size.total;
    }

    private void step() {
        char c = text.charAt(at);
        Matcher repetition = matcher(REPETITION);
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at);
            atom(Math.max(1, (end < 0 ? text.length() : end) - at), end < 0 ? text.length() : end + 2);
        } else if (c == '\\') {
            Matcher escape = matcher(ESCAPE);
            atom(1, escape.lookingAt() ? escape.end() : at + 1);
        } else if (c == '[') {
            atom(1, behindClass());
        } else if (c == '(') {
            outer.push(total);
            total = 2;
            at++;
        } else if (c == ')' && !outer.isEmpty()) {
            long group = total;
            total = outer.pop();
            atom(group, at + 1);
        } else if (c == '{' && repetition.lookingAt()) {
            repeat(repetition);
        } else {
            atom(1, at + 1);
        }
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length());
    }

    private void atom(long size, int next) {
        last = size;
        total = plus(total, size);
        at = next;
    }

    /** A class ends at the first bracket that is not its first character, escaped or of a {@code [:name:]}. */
    private int behindClass() {
        int i = at + 1;
        i += i < text.length() && text.charAt(i) == '^' ? 1 : 0;
        i += i < text.length() && text.charAt(i) == ']' ? 1 : 0;
        while (i < text.length() && text.charAt(i) != ']') {
            int name = text.startsWith("[:", i) ? text.indexOf(":]", i) : -1;
            i = name >= 0 ? name + 2 : text.charAt(i) == '\\' ? i + 2 : i + 1;
        }
        return Math.min(text.length(), i + 1);
    }

    private void repeat(Matcher repetition) {
        long least = Long.parseLong(repetition.group(1));
        String most = repetition.group(2);
        long times = most == null || most.isEmpty() ? least + 1 : Math.max(least, Long.parseLong(most));
        long size = last;
        atom(times > 0 && size > Integer.MAX_VALUE / times ? Integer.MAX_VALUE : size * times, repetition.end());
    }

    private static long plus(long a, long b) {
        return Math.min(Integer.MAX_VALUE, a + b);
    }
}
