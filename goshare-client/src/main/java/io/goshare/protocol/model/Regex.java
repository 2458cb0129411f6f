package io.goshare.protocol.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression in RE2's syntax, matched in time linear in the text whatever the expression, so that one from a
 * stranger cannot stall a server. Immutable; equal if written alike.
 */
public final class Regex {
    /** Most characters of an expression. */
    public static final int MAX_LENGTH = 1000;

    /** Most steps of an expression with its repetitions written out: matching takes so many for each character. */
    private static final int MAX_SIZE = 10_000;

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if RE2 does not take it (it has no look-around and no back-references) */
    public static Regex parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("regular expression has more than " + MAX_LENGTH + " characters");
        }
        if (RegexSize.of(text) > MAX_SIZE) {
            throw new IllegalArgumentException("regular expression repeats so much that it has more than " + MAX_SIZE
                    + " steps; write fewer or smaller {n}");
        }
        return compile(text);
    }

    /** Without the limit, for expressions made by the program. */
    static Regex compile(String text) {
        try {
            return new Regex(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "/" + text + "/ is no regular expression of RE2: " + e.getDescription(), e);
        }
    }

    static String quote(String literal) {
        return Pattern.quote(literal);
    }

    /** Whether all of {@code text} matches. */
    public boolean matches(CharSequence text) {
        return pattern.matches(text.toString());
    }

    /** Whether some part of {@code text} matches. */
    public boolean finds(CharSequence text) {
        return pattern.matcher(text).find();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex that && pattern.pattern().equals(that.pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
