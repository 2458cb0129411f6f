package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clause {@code by}: what makes series one group. {@code @host} is a captured segment, {@code #2} the third segment
 * of the path, {@code tag:dc} a tag.
 */
record Grouping(List<String> terms) {
    static final Grouping ALL = new Grouping(List.of());

    static Grouping parse(String text, Selector selector) {
        List<String> terms = List.of(text.split(",", -1));
        for (String term : terms) {
            if (term.startsWith("@")) {
                if (!selector.labels().contains(term.substring(1))) {
                    throw GoShareException.badField(
                            "by",
                            "by=" + term + ": sel captures no such segment; write it into sel, as in node:" + term);
                }
            } else if (!term.matches("#\\d{1,2}") && !term.matches("tag:.+")) {
                throw GoShareException.badField(
                        "by", "by=" + term + " is none of @host (captured by sel), #2 (segment, from 0) and tag:dc");
            }
        }
        return new Grouping(terms);
    }

    List<String> columns() {
        return terms.stream()
                .map(term ->
                        term.startsWith("@") ? term.substring(1) : term.startsWith("tag:") ? term.substring(4) : term)
                .toList();
    }

    /** What {@code key} has for each term; null where it has none. */
    List<@Nullable Value> of(SeriesKey key, Selector selector) {
        List<@Nullable Value> group = new ArrayList<>();
        for (String term : terms) {
            String text;
            if (term.startsWith("@")) {
                text = selector.capture(key).get(term.substring(1));
            } else if (term.startsWith("#")) {
                List<byte[]> segments = key.path().segments();
                int index = Integer.parseInt(term.substring(1));
                text = index < segments.size() ? Text.decode(segments.get(index)) : null;
            } else {
                text = key.tags().get(term.substring(4));
            }
            group.add(text == null ? null : Value.of(text));
        }
        return group;
    }
}
