package io.goshare.server.query;

import io.goshare.protocol.model.SegmentPattern;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TagMatcher;
import io.goshare.server.series.NamePart;
import io.goshare.server.series.SeriesFilter;
import java.util.ArrayList;
import java.util.List;
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

    @Override
    public List<NamePart> parts() {
        List<NamePart> parts = new ArrayList<>();
        boolean deep = false;
        boolean behindPrefix = false;
        boolean literal = true;
        int place = 0;
        for (SegmentPattern segment : selector.segments()) {
            literal &= segment instanceof SegmentPattern.Literal;
            if (segment instanceof SegmentPattern.Deep) {
                deep = true;
                continue;
            }
            List<String> texts = segment.texts();
            if (!texts.isEmpty()) {
                parts.add(NamePart.segment(place, deep, texts));
                behindPrefix |= !literal;
            }
            place++;
        }
        for (TagMatcher matcher : selector.matchers()) {
            List<String> values = matcher.values();
            if (!values.isEmpty()) {
                parts.add(NamePart.tag(matcher.tag(), values));
                behindPrefix = true;
            }
        }
        return behindPrefix ? parts : List.of();
    }

    @Override
    public boolean prefixSuffices() {
        int last = selector.segments().size() - 1;
        return selector.matchers().isEmpty()
                && selector.segments().get(last) instanceof SegmentPattern.Deep
                && selector.segments().subList(0, last).stream().allMatch(SegmentPattern.Literal.class::isInstance);
    }
}
