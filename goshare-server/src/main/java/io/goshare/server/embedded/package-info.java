/**
 * Connections of the SDK to a store in this process, {@code goshare:file:/path} and {@code goshare:mem:name}; found by
 * {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.goshare.server.embedded;

import org.jspecify.annotations.NullMarked;
