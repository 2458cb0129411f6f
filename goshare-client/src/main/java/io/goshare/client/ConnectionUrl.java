package io.goshare.client;

import io.goshare.client.error.ConfigurationException;
import io.goshare.protocol.model.Path;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a connection leads.
 *
 * <pre>
 *   goshare:http://host[:9999][,host2…][/namespace][?key=value&amp;…]
 *   goshare:zmq://host[:9797][,host2…][/namespace][?…]
 *   goshare:file:/path[?…]      a store in this process, on a directory
 *   goshare:mem:name[?…]        the same in memory; all who name it share it
 * </pre>
 *
 * @param hosts each a name, or a name, a colon and a port, an IPv6 address in brackets; empty for an embedded store
 * @param place of an embedded store; empty for hosts
 * @param namespace the path that all paths are below
 * @param options as given, each checked
 */
public record ConnectionUrl(
        String scheme, List<String> hosts, String place, Optional<Path> namespace, Map<Option, String> options) {
    private static final Pattern FORM = Pattern.compile("goshare:([a-zA-Z][a-zA-Z0-9+.-]*):(.*)", Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::([0-9]{1,5}))?");
    private static final String GRAMMAR = "a connection URL is goshare:http://host:9999, goshare:zmq://host:9797,"
            + " goshare:file:/path or goshare:mem:name, with ?key=value behind it";

    public ConnectionUrl {
        hosts = List.copyOf(hosts);
        options = Collections.unmodifiableMap(new EnumMap<>(options.isEmpty() ? new EnumMap<>(Option.class) : options));
    }

    /** @throws ConfigurationException that says what is wrong, and never shows a secret */
    public static ConnectionUrl parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new ConfigurationException(null, GRAMMAR + "; this one begins otherwise");
        }
        String scheme = form.group(1);
        String rest = form.group(2);
        if (scheme.equals("https") || scheme.equals("zmq+curve")) {
            throw new ConfigurationException(
                    null,
                    "goshare:" + scheme + ": comes with a later release; use goshare:"
                            + scheme.substring(0, scheme.startsWith("zmq") ? 3 : 4) + "://, in a network you trust");
        }
        int query = rest.indexOf('?');
        Map<Option, String> options = query < 0 ? Map.of() : options(rest.substring(query + 1));
        String front = query < 0 ? rest : rest.substring(0, query);
        boolean embedded = scheme.equals("file") || scheme.equals("mem");
        if (!embedded && front.startsWith("//")) {
            return hosts(scheme, front.substring(2), options);
        }
        String place = decoded(front.startsWith("///") ? front.substring(2) : front);
        if (place.isEmpty() || place.startsWith("//")) {
            throw new ConfigurationException(
                    null,
                    "goshare:" + scheme + ": needs " + (embedded ? "a place behind it" : "//host") + "; " + GRAMMAR);
        }
        return new ConnectionUrl(scheme, List.of(), place, Optional.empty(), options);
    }

    private static ConnectionUrl hosts(String scheme, String text, Map<Option, String> options) {
        int slash = text.indexOf('/');
        String authority = slash < 0 ? text : text.substring(0, slash);
        if (authority.contains("@")) {
            throw new ConfigurationException(
                    "token", "a connection URL holds no user and password; give token=, or the builder's token");
        }
        List<String> hosts = new ArrayList<>();
        for (String host : authority.split(",", -1)) {
            Matcher parts = HOST.matcher(host);
            if (!parts.matches() || parts.group(2) != null && !isPort(parts.group(2))) {
                throw new ConfigurationException(null, "'" + host + "' is no host:port; " + GRAMMAR);
            }
            hosts.add(host);
        }
        String namespace = slash < 0 ? "" : decoded(text.substring(slash + 1)).replaceAll("/+$", "");
        return new ConnectionUrl(
                scheme,
                hosts,
                "",
                namespace.isEmpty() ? Optional.empty() : Optional.of(namespace(namespace.replace('/', ':'))),
                options);
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port < 65536;
    }

    static Path namespace(String text) {
        try {
            return Path.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("namespace", "namespace " + text + ": " + e.getMessage(), e);
        }
    }

    private static Map<Option, String> options(String query) {
        Map<Option, String> options = new EnumMap<>(Option.class);
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
            Option option = Option.named(key);
            if (equals < 0) {
                throw new ConfigurationException(key, key + " has no value; write " + key + "=…");
            }
            if (options.put(option, option.read(decoded(pair.substring(equals + 1)))) != null) {
                throw new ConfigurationException(key, key + " is given twice");
            }
        }
        return options;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(null, "a % in a connection URL is followed by two hexadecimal digits");
        }
    }

    /** Without secrets. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("goshare:").append(scheme).append(':');
        out.append(hosts.isEmpty() ? place : "//" + String.join(",", hosts));
        namespace.ifPresent(path -> out.append('/').append(path));
        options.forEach((option, value) -> out.append(out.indexOf("?") < 0 ? '?' : '&')
                .append(option.key())
                .append('=')
                .append(option.isSecret() ? "***" : value));
        return out.toString();
    }
}
