package io.goshare.server.keyvalue;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;

/** Bounds the values that a get of many keys or paths gathers, which come in one reply. For one thread. */
public final class ValueBytes {
    private static final long MAX = 32 << 20;

    private long bytes;

    /** @throws GoShareException {@code budget} if this is more than 32 MiB with the values before it */
    public void add(Value value) {
        bytes += value.bytes().length;
        if (bytes > MAX) {
            throw new GoShareException(
                    ErrorCode.BUDGET, "the values take more than " + (MAX >> 20) + " MiB; ask for fewer at once");
        }
    }
}
