package io.goshare.client.batch;

import io.goshare.protocol.model.PointBatch;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Points that go in one request.
 *
 * @param file in the spool, if there is one
 */
record Batch(PointBatch points, Optional<Path> file) {
    int rows() {
        return points.rows();
    }
}
