package io.goshare.server.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a read sees of memory: for each of its series a copy of its head and the slices frozen since the last
 * checkpoint, and whole generations that a checkpoint has set aside.
 */
record HeadView(
        long revision,
        @Nullable HeadPoints[] heads,
        @Nullable Slice[] slices,
        List<Heads> frozen,
        Erasures erasures) {
    /** Bytes of the heads copied and the slices held. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < heads.length; i++) {
            HeadPoints head = heads[i];
            bytes += head == null ? 0 : head.points().bytes();
            for (Slice slice = slices[i]; slice != null; slice = slice.previous()) {
                bytes += slice.value().length;
            }
        }
        return bytes;
    }
}
