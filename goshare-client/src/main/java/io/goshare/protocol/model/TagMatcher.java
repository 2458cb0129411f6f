package io.goshare.protocol.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a selector asks of one tag. A series without the tag counts as having it empty, so {@code dc!="eu"} finds it.
 *
 * @param regex the compiled value of {@code =~} and {@code !~}, which must match the whole tag; else null
 */
public record TagMatcher(
        String tag,
        Operator operator,
        String value,
        @Nullable Regex regex) {
    /** How the value is compared. */
    public enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        MATCHES("=~"),
        NOT_MATCHES("!~");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** @throws IllegalArgumentException if the operator wants a regular expression and {@code value} is none */
    public static TagMatcher of(String tag, Operator operator, String value) {
        boolean wantsRegex = operator == Operator.MATCHES || operator == Operator.NOT_MATCHES;
        return new TagMatcher(tag, operator, value, wantsRegex ? Regex.parse(value) : null);
    }

    /** Whether a series passes whose tag has this value, or is missing and so empty. */
    public boolean matches(String tagValue) {
        boolean same = regex == null ? value.equals(tagValue) : regex.matches(tagValue);
        return same == (operator == Operator.EQUAL || operator == Operator.MATCHES);
    }

    /**
     * The values of which a series must bear one to pass, if they are told one by one, as {@code dc="eu"} and
     * {@code dc=~"eu|us"} do; else none.
     */
    public List<String> values() {
        if (value.isEmpty() || operator == Operator.NOT_EQUAL || operator == Operator.NOT_MATCHES) {
            return List.of();
        }
        if (operator == Operator.EQUAL) {
            return List.of(value);
        }
        List<String> choices = List.of(value.split("\\|", -1));
        return choices.stream().allMatch(TagMatcher::isPlain) ? choices : List.of();
    }

    /** Whether a regular expression means this very text. */
    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c == '_' || c == '-' || c < 0x80 && Character.isLetterOrDigit(c));
    }

    public boolean matches(SeriesKey key) {
        return matches(key.tags().getOrDefault(tag, ""));
    }

    /** {@code dc="eu"}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < tag.length(); i++) {
            if (" =!~,{}\"\\".indexOf(tag.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(tag.charAt(i));
        }
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
        return out.append(operator.text())
                .append('"')
                .append(quoted)
                .append('"')
                .toString();
    }
}
