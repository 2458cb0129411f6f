package io.goshare.protocol;

import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Table.Type;
import java.util.List;

/**
 * A message of a subscription. Its rows have the columns {@link #COLUMNS}:
 *
 * <pre>
 *   what    put, end (of a value), end_tree (of the value at the path and all below it);
 *           point, late (not newer than its series' last), erase (of points), drop (of a series)
 *   face    ns or series
 *   path, tags
 *   time    of the change; of an erase the first instant erased
 *   old     what held before, where it is known: of transitions and of namespace values
 *   value   what holds from then on; nothing of an end
 * </pre>
 *
 * @param revision where to resume once this is received: all behind it is still to come; of a {@link Kind#SNAPSHOT},
 *     from which none can resume, 0
 */
public record WatchEvent(Kind kind, long revision, Table rows) {
    public static final List<Column> COLUMNS = List.of(
            new Column("what", Type.VALUE),
            new Column("face", Type.VALUE),
            new Column("path", Type.VALUE),
            new Column("tags", Type.VALUE),
            new Column("time", Type.TIME),
            new Column("old", Type.VALUE),
            new Column("value", Type.VALUE));

    /** What a message is. */
    public enum Kind {
        /** Part of what held at the beginning; of rows of one path the last counts. */
        SNAPSHOT,
        /** All so far was told; what follows is live. */
        READY,
        /** All rows of one revision. */
        CHANGE,
        /** Nothing to tell, but a newer revision to resume from. */
        BEAT,
        /** The receiver was too slow: nothing follows; resume from the revision. */
        BEHIND
    }

    /** A message without rows. */
    public static WatchEvent of(Kind kind, long revision) {
        return new WatchEvent(kind, revision, Table.of(COLUMNS));
    }

    /** Memory it takes, about. */
    public long bytes() {
        long bytes = 100;
        for (Cells block : rows.blocks()) {
            for (int row = 0; row < block.rows(); row++) {
                bytes += 200 + block.textBytes(row);
            }
        }
        return bytes;
    }
}
