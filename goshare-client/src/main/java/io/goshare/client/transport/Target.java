package io.goshare.client.transport;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a transport leads.
 *
 * @param scheme of the connection URL, {@code http}
 * @param address {@code host:port}, an IPv6 address in brackets; or the place of an embedded store
 * @param token to bear, a secret: it never prints
 * @param timeout of a command that names none
 * @param connectTimeout for a connection to stand
 * @param options the other settings by the names of the connection URL
 */
public record Target(
        String scheme,
        String address,
        Optional<String> token,
        Duration timeout,
        Duration connectTimeout,
        Map<String, String> options) {
    public Target {
        options = Map.copyOf(options);
    }

    @Override
    public String toString() {
        return scheme + "://" + address;
    }
}
