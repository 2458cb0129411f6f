/** What can be asked: one fluent class per face. Made by {@link io.goshare.client.GoShare}. */
@NullMarked
package io.goshare.client.statement;

import org.jspecify.annotations.NullMarked;
