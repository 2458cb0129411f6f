package io.goshare.client.statement;

import io.goshare.protocol.model.Value;
import java.time.Instant;

/**
 * What a path holds, or held as of an instant.
 *
 * @param path below the connection's namespace
 * @param since when the value came to be
 * @param lastSeen when it was last put again
 * @param revision of the last put
 */
public record NamespaceValue(String path, Value value, Instant since, Instant lastSeen, long revision) {}
