package io.goshare.server.zeromq;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** ZMTP 3.0 by hand, as a REQ without a security mechanism: each byte is the test's. */
final class Zmtp implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;

    Zmtp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** A connection after its handshake. */
    static Zmtp connected(int port) throws IOException {
        Zmtp zmtp = new Zmtp(port);
        zmtp.send(greeting());
        zmtp.send(ready());
        zmtp.in.readFully(new byte[64]);
        zmtp.frame();
        return zmtp;
    }

    static byte[] greeting() {
        byte[] greeting = new byte[64];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        return greeting;
    }

    static byte[] ready() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(5);
        body.writeBytes("READY".getBytes(StandardCharsets.US_ASCII));
        property(body, "Socket-Type", "REQ");
        property(body, "Identity", "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(4);
        out.write(body.size());
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    private static void property(ByteArrayOutputStream out, String name, String value) {
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {0, 0, 0, (byte) value.length()});
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] frame(String text, boolean more) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(more ? 1 : 0);
        out.write(body.length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Asks as a REQ, whose requests begin with an empty frame, and returns the reply's first frame. */
    String ask(String text) throws IOException {
        send(frame("", true));
        send(frame(text, false));
        byte[] reply;
        do {
            reply = frame();
        } while (reply.length == 0);
        return new String(reply, StandardCharsets.UTF_8);
    }

    /** The same of a request whose body is {@code bytes} letters. */
    String askLarge(String words, int bytes) throws IOException {
        byte[] body = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
        send(frame("", true));
        send(frame(words, true));
        send(java.nio.ByteBuffer.allocate(9).put((byte) 2).putLong(bytes).array());
        send(body);
        frame();
        byte[] head = frame();
        String first = new String(head, StandardCharsets.UTF_8);
        if (first.contains("fmt=")) {
            frame();
        }
        return first;
    }

    /** The next frame; commands, such as heartbeats, are passed over after the handshake's. */
    byte[] frame() throws IOException {
        int flags = in.read();
        if (flags < 0) {
            throw new EOFException("closed");
        }
        int length = (flags & 2) != 0 ? (int) in.readLong() : in.read();
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    /** Whether the server ends this connection within the socket's timeout. */
    boolean isClosedByServer() throws IOException {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
