package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import io.goshare.protocol.wire.CommandWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A query in words, read once and asked many times with other values: {@code query sel=node:?:cpu{dc=?} from=? every=1m
 * agg=mean}. A {@code ?} that is a whole word behind {@code =}, a whole segment or a whole tag value is a place for a
 * value, which is always taken as it is: no character of it means anything. A {@code ?} inside a word stays the glob.
 * Immutable, safe for many threads.
 */
public final class Prepared {
    private static final String SELECTOR_SPECIAL = ":\\*?{}()|@/,=\"~!";

    private final Session session;
    /** The pieces of each word between its places; words whose pieces are one have none. */
    private final List<List<String>> words;

    private final int places;

    /**
     * Made by {@link io.goshare.client.GoShare#prepare}.
     *
     * @param text beginning with {@code query}, {@code at} or {@code states}
     * @throws io.goshare.protocol.GoShareException BAD_REQUEST if it is malformed
     */
    public Prepared(Session session, String text) {
        this.session = session;
        this.words = new ArrayList<>();
        int found = 0;
        for (String word : CommandWords.split(text)) {
            List<String> pieces = pieces(word);
            words.add(pieces);
            found += pieces.size() - 1;
        }
        this.places = found;
        if (words.isEmpty()
                || !List.of("query", "at", "states").contains(words.get(0).get(0))) {
            throw new IllegalArgumentException("a prepared query begins with query, at or states: " + text);
        }
        if (places == 0) {
            bind();
        }
    }

    private static List<String> pieces(String word) {
        List<String> pieces = new ArrayList<>();
        int begun = 0;
        for (int i = 0; i < word.length(); i++) {
            boolean starts = i > 0 && "=:~".indexOf(word.charAt(i - 1)) >= 0 && !isEscaped(word, i - 1);
            boolean ends = i + 1 == word.length() || ":,}{".indexOf(word.charAt(i + 1)) >= 0;
            if (word.charAt(i) == '?' && starts && ends) {
                pieces.add(word.substring(begun, i));
                begun = i + 1;
            }
        }
        pieces.add(word.substring(begun));
        return pieces;
    }

    private static boolean isEscaped(String word, int at) {
        return at > 0 && word.charAt(at - 1) == '\\';
    }

    /** How many values it takes. */
    public int places() {
        return places;
    }

    /**
     * The query with {@code values} in its places: {@link String}, {@link Number}, {@link Boolean}, {@link Instant},
     * {@link Duration} or {@link Value} each.
     *
     * @throws IllegalArgumentException if there are more or fewer than places
     * @throws io.goshare.protocol.GoShareException BAD_REQUEST if a value cannot stand where it stands
     */
    public Query bind(Object... values) {
        if (values.length != places) {
            throw new IllegalArgumentException("the query has " + places + " places and was given " + values.length);
        }
        int next = 0;
        Verb verb = Verb.named(words.get(0).get(0)).orElseThrow();
        Command command = session.command(verb);
        for (List<String> pieces : words.subList(1, words.size())) {
            String first = pieces.get(0);
            int equals = first.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + first + "' is no name=value");
            }
            boolean selector = first.startsWith("sel=");
            StringBuilder text = new StringBuilder(first.substring(equals + 1));
            for (String piece : pieces.subList(1, pieces.size())) {
                text.append(print(values[next++], selector)).append(piece);
            }
            command = command.with(first.substring(0, equals), text.toString());
        }
        return new Query(session, command.with(Param.SEL, session.namespace().under(command.require(Param.SEL))));
    }

    private static String print(Object value, boolean selector) {
        String text = text(value);
        if (!selector) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (SELECTOR_SPECIAL.indexOf(text.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    private static String text(Object value) {
        if (value instanceof Instant instant) {
            return Times.text(instant).toString();
        } else if (value instanceof Duration duration) {
            return io.goshare.protocol.Durations.print(duration.toNanos());
        } else if (value instanceof Value own) {
            return own.asText();
        } else if (value instanceof Double number) {
            return Value.printDouble(number);
        } else if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw new IllegalArgumentException("a value of a query is text, a number, a boolean, an Instant, a Duration or"
                + " a Value, and no " + value.getClass().getName());
    }
}
