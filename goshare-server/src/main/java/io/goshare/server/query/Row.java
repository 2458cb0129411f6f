package io.goshare.server.query;

import io.goshare.protocol.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result before it is filled and ordered.
 *
 * @param time the start of its window
 * @param empty whether its window held nothing
 */
record Row(long time, boolean empty, @Nullable Value[] cells) {}
