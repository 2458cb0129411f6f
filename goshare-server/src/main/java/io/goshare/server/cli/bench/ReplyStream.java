package io.goshare.server.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffered reader of replies, and the body of the last one. For one thread. */
final class ReplyStream {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private byte[] body = new byte[1 << 12];
    private int bodyLength;

    ReplyStream(InputStream in) {
        this.in = in;
    }

    byte[] body() {
        return body;
    }

    int bodyLength() {
        return bodyLength;
    }

    void clearBody() {
        bodyLength = 0;
    }

    int read() throws IOException {
        if (at == end) {
            end = in.read(buffer, 0, buffer.length);
            at = 0;
            if (end <= 0) {
                end = 0;
                throw new EOFException("the server closed the connection");
            }
        }
        return buffer[at++] & 0xff;
    }

    /** A big-endian number of eight bytes, as an array's length. */
    int readLength() throws IOException {
        long length = 0;
        for (int i = 0; i < 8; i++) {
            length = length << 8 | read();
        }
        if (length < 0 || length > 1 << 30) {
            throw new IOException("the server sent a frame of " + length + " bytes");
        }
        return (int) length;
    }

    /** A line up to its line break. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder(64);
        int next = read();
        while (next != '\n') {
            if (next != '\r') {
                line.append((char) next);
            }
            next = read();
        }
        return line.toString();
    }

    /** Adds {@code count} bytes to the body. */
    void readBody(int count) throws IOException {
        if (bodyLength + count > body.length) {
            body = Arrays.copyOf(body, Math.max(bodyLength + count, body.length * 2));
        }
        int stop = bodyLength + count;
        while (bodyLength < stop) {
            body[bodyLength++] = (byte) read();
            int more = Math.min(end - at, stop - bodyLength);
            System.arraycopy(buffer, at, body, bodyLength, more);
            at += more;
            bodyLength += more;
        }
    }

    String readText(int count) throws IOException {
        int before = bodyLength;
        readBody(count);
        bodyLength = before;
        return new String(body, before, count, StandardCharsets.ISO_8859_1);
    }
}
