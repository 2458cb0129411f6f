package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import java.util.List;

/**
 * What became of a writer's points.
 *
 * @param added taken by {@link BatchWriter#add}, and found in the spool when it was opened
 * @param written acknowledged by the server
 * @param rejected refused by the server
 * @param dropped let go for want of room
 * @param left neither, of which {@code spooled} stand in the spool and will be sent when it is opened again
 * @param unsent those left that stand in no spool
 */
public record BatchReport(
        long added, long written, long rejected, long dropped, long left, long spooled, List<Point> unsent) {
    public BatchReport {
        unsent = List.copyOf(unsent);
    }
}
