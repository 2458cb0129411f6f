package io.goshare.protocol.model;

import io.goshare.protocol.model.SegmentPattern.Capture;
import io.goshare.protocol.model.SegmentPattern.Deep;
import io.goshare.protocol.model.SegmentPattern.Glob;
import io.goshare.protocol.model.SegmentPattern.Literal;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which series are meant: a pattern of paths and what their tags must be. Immutable, safe for many threads.
 *
 * <pre>
 *   selector := path [ '{' matcher (',' matcher)* '}' ]
 *   path     := segment (':' segment)*
 *   segment  := text with * and ? and (this|that)   web1  web*  (web|db)?
 *             | '*'       one segment               | '@' label  one segment, captured
 *             | '**'      any number, also none     | '/' regex '/'  all of one segment
 *   matcher  := tag ('=' | '!=' | '=~' | '!~') value    the value bare or in "quotes"
 *   '\' takes the next character as it is
 * </pre>
 *
 * Without matchers any tags will do. Where {@code **} leaves a choice, a capture takes the segment nearest to the
 * start.
 */
public record Selector(List<SegmentPattern> segments, List<TagMatcher> matchers) {
    /** Most characters of a selector. */
    public static final int MAX_LENGTH = 8192;

    public Selector {
        segments = List.copyOf(segments);
        matchers = List.copyOf(matchers);
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a selector has at least one segment");
        }
    }

    /** @throws IllegalArgumentException that names position and remedy */
    public static Selector parse(String text) {
        return new SelectorParser(text).parse();
    }

    /** The series at {@code path}, whatever their tags. */
    public static Selector at(Path path) {
        return new Selector(literals(path), List.of());
    }

    /** The series at and below {@code path}. */
    public static Selector subtree(Path path) {
        List<SegmentPattern> segments = literals(path);
        segments.add(new Deep());
        return new Selector(segments, List.of());
    }

    private static List<SegmentPattern> literals(Path path) {
        return path.segments().stream()
                .<SegmentPattern>map(segment -> new Literal(Text.decode(segment)))
                .collect(Collectors.toList());
    }

    /** The one path it can match, if it has no wildcard; the tags remain to be judged. */
    public Optional<Path> exact() {
        return segments.stream().allMatch(Literal.class::isInstance)
                ? Optional.of(Path.of(segments.stream()
                        .map(segment -> Text.encode(((Literal) segment).text()))
                        .toList()))
                : Optional.empty();
    }

    /** The path that its leading literal segments name: all that matches stands at it or below; empty without any. */
    public Optional<Path> literalRoot() {
        List<byte[]> root = new ArrayList<>();
        for (SegmentPattern segment : segments) {
            if (!(segment instanceof Literal literal)) {
                break;
            }
            root.add(Text.encode(literal.text()));
        }
        return root.isEmpty() ? Optional.empty() : Optional.of(Path.of(root));
    }

    /** The bytes with which the encoding of each path that matches begins; none where anything may match. */
    public byte[] literalPrefix() {
        Optional<Path> exact = exact();
        if (exact.isPresent()) {
            return exact.get().encoded();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (SegmentPattern segment : segments) {
            if (segment instanceof Literal literal) {
                Path.encodeSegment(Text.encode(literal.text()), out);
                out.write(0);
            } else {
                if (segment instanceof Glob glob && !glob.lead().isEmpty()) {
                    Path.encodeSegment(Text.encode(glob.lead()), out);
                }
                break;
            }
        }
        return out.toByteArray();
    }

    /** The labels that captures give, in the order of their segments. */
    public List<String> labels() {
        return segments.stream()
                .filter(Capture.class::isInstance)
                .map(segment -> ((Capture) segment).label())
                .toList();
    }

    public boolean matches(SeriesKey key) {
        for (TagMatcher matcher : matchers) {
            if (!matcher.matches(key)) {
                return false;
            }
        }
        return matches(key.path());
    }

    /** Whether the path fits, whatever the tags. */
    public boolean matches(Path path) {
        return place(texts(path)).length > 0;
    }

    /** The captured segments of a key that matches, by label; empty if it does not match. */
    public SortedMap<String, String> capture(SeriesKey key) {
        String[] texts = texts(key.path());
        int[] places = place(texts);
        if (places.length == 0) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, String> captured = new TreeMap<>();
        for (int i = 0; i < places.length; i++) {
            if (segments.get(i) instanceof Capture capture) {
                captured.put(capture.label(), texts[places[i]]);
            }
        }
        return captured;
    }

    private static String[] texts(Path path) {
        List<byte[]> segments = path.segments();
        String[] texts = new String[segments.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Text.decode(segments.get(i));
        }
        return texts;
    }

    /**
     * For each pattern the index of the segment it took, or with {@link Deep} of the first; empty where the path does
     * not fit. Only the last {@link Deep} seen ever needs to take more, so this is no search: steps are bounded by
     * patterns times segments.
     */
    private int[] place(String[] texts) {
        int[] places = new int[segments.size()];
        int pattern = 0;
        int text = 0;
        int deep = -1;
        int deepEnd = 0;
        while (text < texts.length || pattern < places.length) {
            if (pattern < places.length && segments.get(pattern) instanceof Deep) {
                places[pattern] = text;
                deep = pattern++;
                deepEnd = text;
            } else if (pattern < places.length
                    && text < texts.length
                    && segments.get(pattern).matches(texts[text])) {
                places[pattern++] = text++;
            } else if (deep >= 0 && deepEnd < texts.length) {
                text = ++deepEnd;
                pattern = deep + 1;
            } else {
                return new int[0];
            }
        }
        return places;
    }

    /** What {@link #parse} reads back as an equal selector. */
    @Override
    public String toString() {
        String path = segments.stream().map(SegmentPattern::print).collect(Collectors.joining(":"));
        return matchers.isEmpty() && !path.isEmpty()
                ? path
                : path + matchers.stream().map(TagMatcher::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
