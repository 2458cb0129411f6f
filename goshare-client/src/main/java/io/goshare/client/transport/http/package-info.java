/** Commands over HTTP: {@link io.goshare.client.transport.http.HttpTransport}. */
@NullMarked
package io.goshare.client.transport.http;

import org.jspecify.annotations.NullMarked;
