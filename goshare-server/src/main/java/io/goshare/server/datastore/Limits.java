package io.goshare.server.datastore;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;

/**
 * What a request of the new surface may hold; docs/protocol.md, "Limits". The first GoShare's door has none of them.
 */
final class Limits {
    static final int KEY_BYTES = Path.MAX_BYTES;
    static final int VALUE_BYTES = 1 << 20;
    static final int POINTS = 100_000;
    /** Keys that a recursive delete takes without being confirmed. */
    static final int UNCONFIRMED = 1_000;

    private Limits() {}

    static byte[] key(byte[] key) {
        if (key.length == 0) {
            throw GoShareException.badField("key", "the key is empty; a key has 1 to " + KEY_BYTES + " bytes");
        }
        if (key.length > KEY_BYTES) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE,
                    "the key has " + key.length + " bytes; " + KEY_BYTES + " is the most, so store a hash of it",
                    "key",
                    -1,
                    null);
        }
        return key;
    }

    static Value value(Value value) {
        valueBytes(value.bytes().length);
        return value;
    }

    private static void valueBytes(int bytes) {
        if (bytes > VALUE_BYTES) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE,
                    "the value has " + bytes + " bytes; " + VALUE_BYTES + " is the most, so split it over keys",
                    "value",
                    -1,
                    null);
        }
    }

    static PointBatch points(PointBatch batch) {
        if (batch.rows() > POINTS) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE,
                    "the request has " + batch.rows() + " points; " + POINTS + " is the most, so send several");
        }
        for (int row = 0; row < batch.rows(); row++) {
            Kind kind = PointBatch.kind(batch.tags()[row]);
            if (kind.isBytes()) {
                valueBytes((int) batch.words()[row]);
            }
        }
        return batch;
    }
}
