package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;

/**
 * The value of a path at a moment. Times are nanoseconds since 1970.
 *
 * @param since when it came to hold
 * @param lastSeen when it was last put, the same as before; of a value of the past that is {@code since}
 * @param opened revision that put it
 * @param last newest revision that put it again; of a value of the past that is {@code opened}
 */
public record NamespaceValue(Path path, Value value, long since, long lastSeen, long opened, long last) {}
