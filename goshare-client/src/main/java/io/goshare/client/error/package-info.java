/**
 * What a call may end with instead of a result: one class per cause, all below
 * {@link io.goshare.client.error.CallException}, and {@link io.goshare.client.error.ConfigurationException} before
 * there is a connection.
 */
@NullMarked
package io.goshare.client.error;

import org.jspecify.annotations.NullMarked;
