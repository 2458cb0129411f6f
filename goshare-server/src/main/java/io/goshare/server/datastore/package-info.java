/** From a command to the feature that serves it. Open {@link Datastore} first. */
@NullMarked
package io.goshare.server.datastore;

import org.jspecify.annotations.NullMarked;
