package io.goshare.protocol;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;

/** What a command carries beside its parameters, already decoded. */
public sealed interface Body {
    /** Nothing. */
    record None() implements Body {}

    /** Points to write. */
    record Points(PointBatch batch) implements Body {}

    /** Rows, such as {@code key,value} of a put of many or {@code key} of a get of many. */
    record Rows(Table table) implements Body {}

    /** One value, for a put or compare-and-set of one key. */
    record Single(Value value) implements Body {}

    Body NONE = new None();
}
