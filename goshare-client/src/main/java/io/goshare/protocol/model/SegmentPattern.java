package io.goshare.protocol.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a selector asks of one segment of a path, or with {@link Deep} of any number of them. */
public sealed interface SegmentPattern {
    /** Whether this one segment fits; {@link Deep} fits each. */
    boolean matches(String segment);

    /** As a selector spells it. */
    String print();

    /** All segments that fit, if they are told one by one and {@link #MOST_TEXTS} at most; else none. */
    default List<String> texts() {
        return List.of();
    }

    /** Most segments that {@link #texts} tells. */
    int MOST_TEXTS = 64;

    /** This very segment. */
    record Literal(String text) implements SegmentPattern {
        @Override
        public boolean matches(String segment) {
            return segment.equals(text);
        }

        @Override
        public String print() {
            return escape(text, true);
        }

        @Override
        public List<String> texts() {
            return List.of(text);
        }
    }

    /** {@code *}: any one segment. */
    record One() implements SegmentPattern {
        @Override
        public boolean matches(String segment) {
            return true;
        }

        @Override
        public String print() {
            return "*";
        }
    }

    /** {@code @label}: any one segment, known as {@code label} to the query. */
    record Capture(String label) implements SegmentPattern {
        @Override
        public boolean matches(String segment) {
            return true;
        }

        @Override
        public String print() {
            return "@" + label;
        }
    }

    /** {@code **}: any number of segments, also none. */
    record Deep() implements SegmentPattern {
        @Override
        public boolean matches(String segment) {
            return true;
        }

        @Override
        public String print() {
            return "**";
        }
    }

    /** Literal pieces, wildcards and alternatives inside one segment: {@code (web|db)*}. */
    record Glob(List<Piece> pieces, Regex compiled) implements SegmentPattern {
        static Glob of(List<Piece> pieces) {
            return new Glob(List.copyOf(pieces), Regex.compile(regex(pieces)));
        }

        private static String regex(List<Piece> pieces) {
            return pieces.stream()
                    .map(piece -> switch (piece.kind()) {
                        case TEXT -> Regex.quote(piece.text());
                        case STAR -> "(?s:.*)";
                        case QUESTION -> "(?s:.)";
                        case CHOICE ->
                            piece.choices().stream().map(Glob::regex).collect(Collectors.joining("|", "(?:", ")"));
                    })
                    .collect(Collectors.joining());
        }

        /** The literal text that each match begins with. */
        String lead() {
            return pieces.get(0).kind() == Piece.Kind.TEXT ? pieces.get(0).text() : "";
        }

        @Override
        public boolean matches(String segment) {
            return segment.startsWith(lead()) && compiled.matches(segment);
        }

        @Override
        public String print() {
            return print(pieces, true);
        }

        @Override
        public List<String> texts() {
            return texts(pieces);
        }

        private static List<String> texts(List<Piece> pieces) {
            List<String> texts = List.of("");
            for (Piece piece : pieces) {
                List<String> longer = new ArrayList<>();
                for (String text : texts) {
                    for (String more : piece.texts()) {
                        longer.add(text + more);
                    }
                }
                if (longer.size() > MOST_TEXTS) {
                    return List.of();
                }
                texts = longer;
            }
            return texts;
        }

        private static String print(List<Piece> pieces, boolean first) {
            StringBuilder out = new StringBuilder();
            for (Piece piece : pieces) {
                out.append(
                        switch (piece.kind()) {
                            case TEXT -> escape(piece.text(), first && out.isEmpty());
                            case STAR -> "*";
                            case QUESTION -> "?";
                            case CHOICE ->
                                piece.choices().stream()
                                        .map(choice -> print(choice, false))
                                        .collect(Collectors.joining("|", "(", ")"));
                        });
            }
            return out.toString();
        }
    }

    /** {@code /regex/}, which must match the whole segment. */
    record Matching(Regex regex) implements SegmentPattern {
        @Override
        public boolean matches(String segment) {
            return regex.matches(segment);
        }

        @Override
        public String print() {
            return "/" + regex.toString().replace("/", "\\/") + "/";
        }
    }

    /** One piece of a glob. */
    record Piece(Kind kind, String text, List<List<Piece>> choices) {
        /** What a piece stands for. */
        enum Kind {
            TEXT,
            STAR,
            QUESTION,
            CHOICE
        }

        /** All that fits; none where that is not told one by one, or too many. */
        List<String> texts() {
            if (kind == Kind.TEXT) {
                return List.of(text);
            }
            List<String> texts = new ArrayList<>();
            for (List<Piece> choice : choices) {
                List<String> some = Glob.texts(choice);
                if (some.isEmpty() || texts.size() > MOST_TEXTS) {
                    return List.of();
                }
                texts.addAll(some);
            }
            return texts;
        }

        static final Piece STAR = new Piece(Kind.STAR, "", List.of());
        static final Piece QUESTION = new Piece(Kind.QUESTION, "", List.of());

        static Piece text(String text) {
            return new Piece(Kind.TEXT, text, List.of());
        }

        static Piece choice(List<List<Piece>> choices) {
            return new Piece(Kind.CHOICE, "", List.copyOf(choices));
        }
    }

    /**
     * {@code text} so that a selector reads it back; {@code @} and {@code /} have a meaning at a segment's start only.
     */
    private static String escape(String text, boolean start) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (":\\*?{}()|".indexOf(c) >= 0 || start && i == 0 && (c == '@' || c == '/')) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }
}
