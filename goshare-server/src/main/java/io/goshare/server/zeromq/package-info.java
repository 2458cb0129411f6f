/** The ZeroMQ door: JeroMQ in, JeroMQ out. Open {@link io.goshare.server.zeromq.ZeroMqDoor} first. */
@NullMarked
package io.goshare.server.zeromq;

import org.jspecify.annotations.NullMarked;
