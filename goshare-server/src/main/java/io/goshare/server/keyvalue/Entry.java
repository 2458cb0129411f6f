package io.goshare.server.keyvalue;

import io.goshare.protocol.model.Value;

/**
 * What a key holds.
 *
 * @param revision of the request that put it
 * @param expires nanoseconds since 1970 from which it reads as missing, or {@link #NEVER}
 */
public record Entry(Value value, long revision, long expires) {
    public static final long NEVER = Long.MAX_VALUE;
}
