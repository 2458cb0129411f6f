/** How commands travel: a {@link Transport} carries them to a server or does the work in this process. */
@NullMarked
package io.goshare.client.transport;

import org.jspecify.annotations.NullMarked;
