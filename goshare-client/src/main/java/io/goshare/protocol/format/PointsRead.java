package io.goshare.protocol.format;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import java.util.List;

/**
 * A body of points that was read with partial=allow.
 *
 * @param batch the good rows
 * @param rejected the first {@value #MAX_TOLD} of the others
 * @param rejectedRows how many others there were
 */
public record PointsRead(PointBatch batch, List<RejectedRow> rejected, long rejectedRows) {
    /** Most rejected rows that are told one by one. */
    public static final int MAX_TOLD = 1000;
}
