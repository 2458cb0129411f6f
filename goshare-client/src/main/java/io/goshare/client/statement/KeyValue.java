package io.goshare.client.statement;

import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.Optional;

/**
 * What a key holds.
 *
 * @param revision of the write that put it; for {@link Kv#putIfRevision}
 * @param expires when it goes; empty for never, and in replies of many keys
 */
public record KeyValue(String key, Value value, long revision, Optional<Instant> expires) {}
