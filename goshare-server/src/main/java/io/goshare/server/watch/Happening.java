package io.goshare.server.watch;

import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of a {@link WatchEvent}. */
record Happening(What what, boolean ofSeries, SeriesKey key, long time, Optional<Value> old, Optional<Value> value) {
    /** The first column. */
    enum What {
        PUT("put"),
        END("end"),
        END_TREE("end_tree"),
        POINT("point"),
        LATE("late"),
        ERASE("erase"),
        DROP("drop");

        private final Value word;

        What(String word) {
            this.word = Value.of(word);
        }
    }

    private static final Value NAMESPACE = Value.of("ns");
    private static final Value SERIES = Value.of("series");

    @Nullable
    Value[] cells() {
        String path = key.path().toString();
        return new @Nullable Value[] {
            what.word,
            ofSeries ? SERIES : NAMESPACE,
            Value.of(path),
            ofSeries ? Value.of(key.toString().substring(path.length())) : null,
            Value.of(time),
            old.orElse(null),
            value.orElse(null)
        };
    }
}
