package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TagMatcher;
import io.goshare.server.series.SeriesFilter;
import java.util.SortedMap;
import java.util.TreeMap;

/** A selector as the series store asks it. */
public record SelectorFilter(Selector selector) implements SeriesFilter {
    @Override
    public byte[] prefix() {
        return selector.literalPrefix();
    }

    @Override
    public boolean matches(SeriesKey key) {
        return selector.matches(key);
    }

    @Override
    public SortedMap<String, String> tags() {
        SortedMap<String, String> tags = new TreeMap<>();
        if (selector.exact().isPresent()) {
            for (TagMatcher matcher : selector.matchers()) {
                if (matcher.operator() == TagMatcher.Operator.EQUAL
                        && !matcher.value().isEmpty()) {
                    tags.put(matcher.tag(), matcher.value());
                }
            }
        }
        return tags;
    }
}
