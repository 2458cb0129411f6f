package io.goshare.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** One connection, whose every byte is the test's; text is ISO 8859-1, so that bytes are characters. */
final class Raw implements AutoCloseable {
    final Socket socket;

    Raw(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    /** Sends {@code request} and returns all that comes until the server closes. */
    static String exchange(int port, String request) throws IOException {
        try (Raw raw = new Raw(port)) {
            raw.send(request);
            return raw.rest();
        }
    }

    /** A request with a Host header that closes its connection. */
    static String request(int port, String line, String... headers) throws IOException {
        StringBuilder text =
                new StringBuilder(line + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return exchange(port, text.append("\r\n").toString());
    }

    /** A POST of {@code body}. */
    static String post(int port, String target, String type, String body) throws IOException {
        return exchange(
                port,
                "POST " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\nContent-Type: "
                        + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** All that comes until the server closes. */
    String rest() throws IOException {
        StringBuilder out = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                out.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return out.toString();
        }
        return out.toString();
    }

    /** The next response's head and body, by its Content-Length. */
    String response() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) c);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)));
        return head + new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    static int status(String response) {
        return response.startsWith("HTTP/1.1 ") ? Integer.parseInt(response.substring(9, 12)) : -1;
    }

    static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
