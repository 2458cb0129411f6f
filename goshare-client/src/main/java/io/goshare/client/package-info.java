/**
 * The Java SDK. Open {@link io.goshare.client.GoShare} first; {@code docs/guide-java.md} shows it at work. The faces
 * are in {@code .statement}, batches in {@code .batch}, what calls fail with in {@code .error}.
 */
@NullMarked
package io.goshare.client;

import org.jspecify.annotations.NullMarked;
