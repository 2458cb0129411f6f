package io.goshare.server.namespace;

import io.goshare.protocol.model.Value;
import java.util.Optional;

/**
 * A step of a path's history: {@code value} held from {@code from} until the next era began, or, where it is empty,
 * nothing did.
 */
public record Era(long from, Optional<Value> value, long revision) {}
