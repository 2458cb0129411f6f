/**
 * The command-line tool: {@link io.goshare.server.cli.VerbTool} sends verbs of the table to a running server,
 * {@link io.goshare.server.cli.Demo} shows the main job. A user of the client like any other.
 */
@NullMarked
package io.goshare.server.cli;

import org.jspecify.annotations.NullMarked;
