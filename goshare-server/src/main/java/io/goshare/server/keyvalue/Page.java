package io.goshare.server.keyvalue;

import java.util.List;
import java.util.Optional;

/**
 * A part of a scan's rows, in order; it may be empty and still not be the last.
 *
 * @param next where to go on; empty after the last row
 * @param <R> a row
 */
public record Page<R>(List<R> rows, Optional<byte[]> next) {}
