/** The HTTP door: Jetty in, Jetty out. Open {@link io.goshare.server.http.HttpDoor} first. */
@NullMarked
package io.goshare.server.http;

import org.jspecify.annotations.NullMarked;
