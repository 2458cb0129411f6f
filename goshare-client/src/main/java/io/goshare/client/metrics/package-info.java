/** Figures of the client for Micrometer, which the application brings. */
@NullMarked
package io.goshare.client.metrics;

import org.jspecify.annotations.NullMarked;
