/**
 * The load generator behind {@code goshare bench}. Open {@link io.goshare.server.cli.bench.Bench} first. It talks to
 * servers over plain sockets, with requests made ahead, so that on a shared machine next to nothing is spent on this
 * side of the socket.
 */
@NullMarked
package io.goshare.server.cli.bench;

import org.jspecify.annotations.NullMarked;
