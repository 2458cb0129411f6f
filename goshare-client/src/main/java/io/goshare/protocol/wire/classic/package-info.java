/**
 * What the first GoShare's clients say and hear, byte for byte, as the commands {@code push}, {@code read} and
 * {@code delete}. Open {@link io.goshare.protocol.wire.classic.ClassicCall} first. The first GoShare was written in Go;
 * its text rules are those of Go's library, named so here. docs/protocol.md, "The first GoShare".
 */
@NullMarked
package io.goshare.protocol.wire.classic;

import org.jspecify.annotations.NullMarked;
