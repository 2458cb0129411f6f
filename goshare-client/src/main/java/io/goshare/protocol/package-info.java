/**
 * What both sides share: every request is a {@link Command}, every answer a {@link Reply}, and a {@link CommandHandler}
 * turns one into the other. Open {@link Verb} first: it is the table of all that can be asked.
 */
@NullMarked
package io.goshare.protocol;

import org.jspecify.annotations.NullMarked;
