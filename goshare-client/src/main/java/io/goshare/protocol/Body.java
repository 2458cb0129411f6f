package io.goshare.protocol;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import io.goshare.protocol.model.Value;
import java.util.List;

/** What a command carries beside its parameters, already decoded. */
public sealed interface Body {
    /** Nothing. */
    record None() implements Body {}

    /**
     * Points to write.
     *
     * @param rejected rows of the body that were wrong and left out, as {@code partial=allow} asks; the first of them
     *     where there are many
     * @param rejectedRows how many were left out
     */
    record Points(PointBatch batch, List<RejectedRow> rejected, long rejectedRows) implements Body {
        public Points {
            rejected = List.copyOf(rejected);
        }

        /** Points of which none was left out. */
        public Points(PointBatch batch) {
            this(batch, List.of(), 0);
        }
    }

    /** Rows, such as {@code key,value} of a put of many or {@code key} of a get of many. */
    record Rows(Table table) implements Body {}

    /** One value, for a put or compare-and-set of one key. */
    record Single(Value value) implements Body {}

    Body NONE = new None();
}
