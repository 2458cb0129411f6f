package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.server.series.SeriesFilter;

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
}
