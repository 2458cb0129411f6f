package io.goshare.server.keyvalue;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Key to value, with revisions and expiry. Reads see all that was acknowledged; changes are {@link Mutation}s that the
 * caller commits, alone or with others as one request. An expired entry reads as missing. Keys are any bytes, none
 * included; limits are the caller's. Safe for many threads.
 *
 * <p>Reads throw {@link io.goshare.server.engine.EngineException}.
 */
public interface KeyValueStore {
    /** A key and what it holds. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(byte[] key, Entry entry) {}

    Optional<Entry> get(byte[] key);

    /**
     * What each of {@code keys} holds at one moment, in their order.
     *
     * @throws io.goshare.protocol.GoShareException {@code budget} if the values take more than 32 MiB
     */
    List<Optional<Entry>> get(List<byte[]> keys);

    /**
     * Rows whose keys begin with {@code prefix}, in unsigned byte order, from key {@code from} on (included).
     *
     * @return {@link Page#next} is the {@code from} of the next page; pages are not of one moment
     */
    Page<Row> scan(byte[] prefix, byte[] from, PageRequest page);

    /**
     * Puts {@code value}, whatever was there. Tells nothing.
     *
     * @param lifetime nanoseconds from its commit after which it reads as missing; empty: for ever
     */
    Mutation put(byte[] key, Value value, OptionalLong lifetime, Condition condition);

    /** Deletes {@code key}; a missing one is no error. Tells how many were there: int64 0 or 1. */
    Mutation delete(byte[] key, Condition condition);

    /**
     * Adds {@code delta} to the int64 the key holds, 0 if it is missing. Tells the sum. Refused as BAD_REQUEST if it
     * holds anything else or the sum is no int64.
     *
     * @param lifetime as of {@link #put}; empty: the entry keeps its own
     */
    Mutation increment(byte[] key, long delta, OptionalLong lifetime);

    /**
     * Deletes up to {@code rows} expired entries. Tells how many expiries it saw: as many as allowed means more wait.
     */
    Mutation sweepExpired(int rows);
}
