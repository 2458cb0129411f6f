package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result before it is filled and ordered.
 *
 * @param time the start of its window
 * @param empty whether its window held nothing
 */
record Row(long time, boolean empty, @Nullable Value[] cells) {
    /** This row with more cells behind. */
    Row with(@Nullable Value... more) {
        @Nullable Value[] all = Arrays.copyOf(cells, cells.length + more.length);
        System.arraycopy(more, 0, all, cells.length, more.length);
        return new Row(time, empty, all);
    }
}
