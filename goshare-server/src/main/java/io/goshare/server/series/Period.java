package io.goshare.server.series;

import io.goshare.protocol.model.TimeRange;
import java.util.UUID;

/** A span of time whose chunks and pages have a store of their own. */
record Period(TimeRange span, String store, UUID uuid) {
    long from() {
        return span.from();
    }

    long to() {
        return span.to();
    }
}
