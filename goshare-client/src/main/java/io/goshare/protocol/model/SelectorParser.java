package io.goshare.protocol.model;

import io.goshare.protocol.model.SegmentPattern.Capture;
import io.goshare.protocol.model.SegmentPattern.Deep;
import io.goshare.protocol.model.SegmentPattern.Glob;
import io.goshare.protocol.model.SegmentPattern.Literal;
import io.goshare.protocol.model.SegmentPattern.Matching;
import io.goshare.protocol.model.SegmentPattern.One;
import io.goshare.protocol.model.SegmentPattern.Piece;
import io.goshare.protocol.model.TagMatcher.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a {@link Selector}: one pass from left to right. */
final class SelectorParser {
    private final String text;
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    Selector parse() {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is an empty selector; ** selects every series");
        }
        if (text.length() > Selector.MAX_LENGTH) {
            throw new IllegalArgumentException("has more than " + Selector.MAX_LENGTH + " characters");
        }
        List<SegmentPattern> segments = new ArrayList<>();
        segments.add(segment());
        while (at < text.length() && text.charAt(at) == ':') {
            at++;
            segments.add(segment());
        }
        if (segments.size() > Path.MAX_SEGMENTS) {
            throw new IllegalArgumentException("has more than " + Path.MAX_SEGMENTS + " segments");
        }
        Set<String> labels = new HashSet<>();
        for (SegmentPattern segment : segments) {
            if (segment instanceof Capture capture && !labels.add(capture.label())) {
                throw new IllegalArgumentException("captures @" + capture.label() + " twice; give each its own name");
            }
        }
        List<TagMatcher> matchers = at < text.length() ? matchers() : List.of();
        return new Selector(segments, matchers);
    }

    private SegmentPattern segment() {
        if (peek() == '/') {
            return regex();
        }
        if (peek() == '@') {
            return capture();
        }
        int start = at;
        if (text.startsWith("**", at)) {
            at += 2;
            return ended(new Deep(), "** stands alone between colons");
        }
        List<Piece> pieces = pieces(false);
        if (pieces.isEmpty()) {
            return new Literal("");
        }
        Piece only = pieces.get(0);
        if (pieces.size() > 1) {
            return Glob.of(pieces);
        }
        return switch (only.kind()) {
            case TEXT -> new Literal(only.text());
            case STAR -> new One();
            case QUESTION, CHOICE -> checked(start, pieces);
        };
    }

    private SegmentPattern checked(int start, List<Piece> pieces) {
        try {
            return Glob.of(pieces);
        } catch (IllegalArgumentException e) {
            throw wrong(start, e.getMessage() + "", e);
        }
    }

    private SegmentPattern capture() {
        int start = ++at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw wrong(start, "@ wants a name of letters, digits, _ - . behind it; write \\@ for a literal one");
        }
        return ended(new Capture(text.substring(start, at)), "a capture takes a whole segment, as in node:@host:cpu");
    }

    private SegmentPattern regex() {
        int start = at++;
        StringBuilder regex = new StringBuilder();
        while (peek() != '/') {
            if (at >= text.length()) {
                throw wrong(
                        start, "the regular expression has no end; close it with /, or write \\/ for a literal one");
            }
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char next = text.charAt(at++);
                regex.append(next == '/' ? "/" : "\\" + next);
            } else {
                regex.append(c);
            }
        }
        at++;
        try {
            return ended(new Matching(Regex.parse(regex.toString())), "a regular expression takes a whole segment");
        } catch (IllegalArgumentException e) {
            throw wrong(start, String.valueOf(e.getMessage()), e);
        }
    }

    private SegmentPattern ended(SegmentPattern segment, String rule) {
        if (at < text.length() && text.charAt(at) != ':' && text.charAt(at) != '{') {
            throw wrong(at, rule);
        }
        return segment;
    }

    /** The pieces up to the end of the segment, or inside parentheses of the alternative. */
    private List<Piece> pieces(boolean inChoice) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ':' || c == '{' || inChoice && (c == '|' || c == ')')) {
                break;
            }
            at++;
            switch (c) {
                case '\\' -> literal.append(escaped());
                case '*', '?', '(' -> {
                    flush(literal, pieces);
                    pieces.add(wildcard(c, inChoice, pieces));
                }
                case '|', ')', '}' -> throw wrong(at - 1, "write \\" + c + " for a literal one");
                default -> literal.append(c);
            }
        }
        flush(literal, pieces);
        return pieces;
    }

    private Piece wildcard(char c, boolean inChoice, List<Piece> before) {
        if (c == '?') {
            return Piece.QUESTION;
        }
        if (c == '(') {
            return choice(inChoice);
        }
        if (!before.isEmpty() && before.get(before.size() - 1).equals(Piece.STAR)) {
            throw wrong(at - 1, "** stands alone between colons");
        }
        return Piece.STAR;
    }

    private Piece choice(boolean inChoice) {
        int start = at - 1;
        if (inChoice) {
            throw wrong(start, "alternatives inside alternatives; write a /regex/ instead");
        }
        List<List<Piece>> choices = new ArrayList<>();
        do {
            choices.add(List.copyOf(pieces(true)));
        } while (peek() == '|' && at++ >= 0);
        if (peek() != ')') {
            throw wrong(start, "the alternatives have no end; close them with ), or write \\( for a literal one");
        }
        at++;
        return Piece.choice(choices);
    }

    private static void flush(StringBuilder literal, List<Piece> pieces) {
        if (!literal.isEmpty()) {
            pieces.add(Piece.text(literal.toString()));
            literal.setLength(0);
        }
    }

    private List<TagMatcher> matchers() {
        int start = at++;
        List<TagMatcher> matchers = new ArrayList<>();
        if (peek() != '}') {
            do {
                matchers.add(matcher());
            } while (peek() == ',' && at++ >= 0);
        }
        if (peek() != '}') {
            throw wrong(start, "the tags have no end; close them with }");
        }
        if (++at < text.length()) {
            throw wrong(at, "nothing may stand behind }");
        }
        return matchers;
    }

    private TagMatcher matcher() {
        skipBlanks();
        int start = at;
        StringBuilder tag = new StringBuilder();
        while (at < text.length() && "=!,} ".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            tag.append(c == '\\' ? escaped() : c);
        }
        if (tag.isEmpty()) {
            throw wrong(start, "a tag's name is missing; write {dc=\"eu\"}");
        }
        skipBlanks();
        Operator operator = operator();
        skipBlanks();
        String value = peek() == '"' ? quoted() : bare();
        skipBlanks();
        try {
            return TagMatcher.of(tag.toString(), operator, value);
        } catch (IllegalArgumentException e) {
            throw wrong(start, String.valueOf(e.getMessage()), e);
        }
    }

    private Operator operator() {
        for (Operator operator : List.of(Operator.NOT_EQUAL, Operator.MATCHES, Operator.NOT_MATCHES, Operator.EQUAL)) {
            if (text.startsWith(operator.text(), at)) {
                at += operator.text().length();
                return operator;
            }
        }
        throw wrong(at, "a tag is followed by =, !=, =~ or !~");
    }

    private String quoted() {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            if (at >= text.length()) {
                throw wrong(start, "the quoted value has no end; close it with \"");
            }
            value.append(valueCharacter("\"\\"));
        }
        at++;
        return value.toString();
    }

    private String bare() {
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '}') {
            value.append(valueCharacter(",{}\"\\"));
        }
        return value.toString().strip();
    }

    /** The next character; a backslash before one of {@code special} is dropped, any other stays, for expressions. */
    private char valueCharacter(String special) {
        char c = text.charAt(at++);
        if (c == '\\' && at < text.length() && special.indexOf(text.charAt(at)) >= 0) {
            return text.charAt(at++);
        }
        return c;
    }

    private char escaped() {
        if (at >= text.length()) {
            throw wrong(at - 1, "a lone backslash; write \\\\ for one");
        }
        return text.charAt(at++);
    }

    private void skipBlanks() {
        while (peek() == ' ') {
            at++;
        }
    }

    /** The next character, or 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static IllegalArgumentException wrong(int position, String what) {
        return new IllegalArgumentException("is no selector at character " + (position + 1) + ": " + what);
    }

    private static IllegalArgumentException wrong(int position, String what, Throwable cause) {
        return new IllegalArgumentException("is no selector at character " + (position + 1) + ": " + what, cause);
    }
}
