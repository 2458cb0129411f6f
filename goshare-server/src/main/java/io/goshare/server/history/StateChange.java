package io.goshare.server.history;

import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Optional;

/**
 * A change of what a path of the namespace holds, or of the value of a series.
 *
 * @param key of a namespace value its path without tags
 * @param revision of the request that made it; of a series' point, which has none, -1
 */
record StateChange(Face face, SeriesKey key, long time, Optional<Value> old, Optional<Value> value, long revision) {
    /** Where it happened. */
    enum Face {
        NAMESPACE("ns"),
        SERIES("series");

        private final String word;

        Face(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Memory it takes, about. */
    long bytes() {
        return 200L
                + old.map(value -> value.bytes().length).orElse(0)
                + value.map(newer -> newer.bytes().length).orElse(0);
    }

    /** The tags as a selector spells them; empty without any. */
    String tags() {
        return key.toString().substring(key.path().toString().length());
    }
}
