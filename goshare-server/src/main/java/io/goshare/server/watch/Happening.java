package io.goshare.server.watch;

import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.Value;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of a {@link WatchEvent}. */
record Happening(What what, Named name, long time, Optional<Value> old, Optional<Value> value) {
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
        return cells(what, name, time, old.orElse(null), value.orElse(null));
    }

    /** A point written, as its row. */
    static @Nullable Value[] point(Named name, long time, Value value) {
        return cells(What.POINT, name, time, null, value);
    }

    private static @Nullable Value[] cells(
            What what, Named name, long time, @Nullable Value old, @Nullable Value value) {
        Value face = name.isSeries() ? SERIES : NAMESPACE;
        return new @Nullable Value[] {what.word, face, name.path(), name.tags(), Value.of(time), old, value};
    }
}
