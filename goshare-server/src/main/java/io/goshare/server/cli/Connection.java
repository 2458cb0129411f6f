package io.goshare.server.cli;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.http.HttpTransport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the transport of a connection URL. */
final class Connection {
    static final String DEFAULT_URL = "goshare:http://127.0.0.1:9999";

    private static final Pattern URL =
            Pattern.compile("goshare:(http|zmq)://(\\[[0-9a-fA-F:.]+]|[^/:?\\[]+)(?::(\\d{1,5}))?/?");

    private Connection() {}

    /** @throws UsageException if {@code url} is none */
    static Transport open(String url, Optional<String> token, Duration timeout) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new UsageException(
                    "url " + url + " is neither goshare:http://host[:9999] nor goshare:zmq://host[:9797]");
        }
        boolean http = parts.group(1).equals("http");
        String port = Optional.ofNullable(parts.group(3)).orElse(http ? "9999" : "9797");
        String endpoint = parts.group(2) + ":" + port;
        return http ? new HttpTransport(endpoint, token, timeout) : new ZeroMqTransport(endpoint, token, timeout);
    }
}
