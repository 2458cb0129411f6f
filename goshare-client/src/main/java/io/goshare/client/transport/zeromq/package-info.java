/** Commands over ZeroMQ: {@link io.goshare.client.transport.zeromq.ZeroMqTransport}. */
@NullMarked
package io.goshare.client.transport.zeromq;

import org.jspecify.annotations.NullMarked;
