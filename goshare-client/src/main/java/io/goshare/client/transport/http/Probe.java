package io.goshare.client.transport.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Tells servers that speak first, as ZeroMQ and mail do, from those of HTTP, which wait to be asked. */
final class Probe {
    private static final int WAIT_MILLIS = 300;

    private Probe() {}

    /** Whether what listens at {@code endpoint} says something by itself within a moment. */
    static boolean speaksFirst(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon).replaceAll("^\\[|]$", "");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(endpoint.substring(colon + 1))), WAIT_MILLIS);
            socket.setSoTimeout(WAIT_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (IOException silent) {
            return false;
        }
    }
}
