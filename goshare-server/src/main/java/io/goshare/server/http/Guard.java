package io.goshare.server.http;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.wire.HttpMessage;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites' pages out: a browser on this machine reaches a loopback port, and any page may tell it to. Shells
 * and programs send none of what is looked at here and pass.
 */
final class Guard {
    private final boolean checkHost;
    private final boolean anyAddress;
    private final Set<String> names;

    Guard(HttpConfig config) {
        this.checkHost = config.token().isEmpty(); // who rebinds a name does not hold the token
        this.anyAddress = config.host().equals("0.0.0.0") || config.host().equals("::");
        this.names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(Set.of("localhost", "::1", config.host()));
        names.addAll(config.allowedHosts());
    }

    /** @throws GoShareException MISDIRECTED for a foreign Host, FORBIDDEN for a foreign page */
    void check(HttpMessage request) {
        String host = request.header("Host");
        if (host != null && checkHost && !isOurs(nameOf(host))) {
            throw new GoShareException(
                    ErrorCode.MISDIRECTED,
                    "this server is not known by the name in the Host header; --allow-host makes it so");
        }
        String site = request.header("Sec-Fetch-Site");
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreignSite || isForeign(request.header("Origin"), host) || isForeign(request.header("Referer"), host)) {
            throw new GoShareException(ErrorCode.FORBIDDEN, "requests from other sites' pages are refused");
        }
    }

    private boolean isOurs(String name) {
        return names.contains(name) || isAddress(name) && (anyAddress || name.startsWith("127."));
    }

    /** Whether {@code name} is an IP address: no name server gives those new meanings. */
    private static boolean isAddress(String name) {
        return name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || name.indexOf(':') >= 0;
    }

    /** The name in {@code name:port}, without brackets and the root's dot. */
    static String nameOf(String host) {
        String name = host.strip();
        if (name.startsWith("[")) {
            int end = name.indexOf(']');
            return end < 0 ? name : name.substring(1, end);
        }
        int colon = name.indexOf(':');
        name = colon < 0 ? name : name.substring(0, colon);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Whether {@code url} is not of the origin that is asked; {@code null} in an Origin header is foreign too. */
    private static boolean isForeign(@Nullable String url, @Nullable String host) {
        if (url == null) {
            return false;
        }
        if (host == null) {
            return true;
        }
        try {
            String authority = new URI(url).getRawAuthority();
            return authority == null
                    || !authority.toLowerCase(Locale.ROOT).equals(host.strip().toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return true;
        }
    }
}
