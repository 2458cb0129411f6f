/**
 * Commands and replies as bytes, both directions each: {@link io.goshare.protocol.wire.Token} for ZeroMQ and shells,
 * {@link io.goshare.protocol.wire.Token} for HTTP, and below {@code .classic} what the first GoShare's clients say.
 * Nothing here opens a connection.
 */
@NullMarked
package io.goshare.protocol.wire;

import org.jspecify.annotations.NullMarked;
