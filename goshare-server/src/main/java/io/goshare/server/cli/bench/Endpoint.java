package io.goshare.server.cli.bench;

import io.goshare.protocol.Format;
import io.goshare.server.cli.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A server's door and how requests for it are made.
 *
 * @param writeTarget path and query that lines are posted to; over ZeroMQ it is the verb write
 */
record Endpoint(boolean zeroMq, String host, int port, String writeTarget) {
    /** @param url {@code http://host:port[/path?query]}; without a path lines go to {@code /write} */
    static Endpoint http(String url) {
        URI uri = uri(url, "http");
        String path = uri.getRawPath().length() > 1 ? uri.getRawPath() : "/write";
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Endpoint(false, uri.getHost(), uri.getPort(), path + query);
    }

    /** @param address {@code host:port} */
    static Endpoint zeroMq(String address) {
        URI uri = uri("tcp://" + address, "tcp");
        return new Endpoint(true, uri.getHost(), uri.getPort(), "");
    }

    private static URI uri(String text, String scheme) {
        try {
            URI uri = URI.create(text);
            if (scheme.equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("goshare bench: " + e.getMessage());
        }
        throw new UsageException("goshare bench: " + text + " is not as in " + scheme + "://127.0.0.1:9999");
    }

    LoadClient connect() throws IOException {
        try {
            return zeroMq ? new ZeroMqClient(host, port) : new HttpClient(host, port);
        } catch (IOException e) {
            throw new IOException("no server at " + this + ": " + e.getMessage(), e);
        }
    }

    /** A request that writes points; lines go where {@link #writeTarget} says, all else to {@code write}. */
    byte[] write(Format format, byte[] points) {
        if (zeroMq) {
            return ZeroMqClient.message(ascii("write fmt=" + format.word()), points);
        }
        return format == Format.LP
                ? post(writeTarget, "text/plain; charset=utf-8", points)
                : post("/api/v1/write?fmt=" + format.word(), format.contentType(), points);
    }

    /** A request that reads. */
    byte[] get(String target) {
        return ascii("GET " + target + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n\r\n");
    }

    byte[] post(String target, String contentType, byte[] body) {
        byte[] head = ascii("POST " + target + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nContent-Type: "
                + contentType + "\r\nContent-Length: " + body.length + "\r\n\r\n");
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return (zeroMq ? "tcp://" : "http://") + host + ":" + port + writeTarget;
    }
}
