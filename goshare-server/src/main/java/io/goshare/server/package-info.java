/**
 * The server as a process and as an object: {@link io.goshare.server.Main} reads the command line,
 * {@link io.goshare.server.GoShareServer} wires stores and doors together. Open the latter first.
 */
@NullMarked
package io.goshare.server;

import org.jspecify.annotations.NullMarked;
