package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import java.util.Optional;

/**
 * A change of what a path holds.
 *
 * @param time nanoseconds since 1970, from which the new value holds
 * @param old what it held just before; empty if nothing, or nothing that is still known
 * @param value what it holds from then on; empty for an end
 * @param revision of the request that made the change
 */
public record Transition(Path path, long time, Optional<Value> old, Optional<Value> value, long revision) {}
