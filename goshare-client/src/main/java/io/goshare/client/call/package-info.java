/** How a call is carried: attempts, deadlines, hosts. Open {@link io.goshare.client.call.Caller} first. */
@NullMarked
package io.goshare.client.call;

import org.jspecify.annotations.NullMarked;
