package io.goshare.client.transport.zeromq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * ZMTP 3.0 with the NULL mechanism, as a DEALER speaks it (rfc.zeromq.org/spec/23): bytes out.
 *
 * <pre>
 *   greeting  64 bytes   FF 0*8 7F, version 3 0, "NULL" 0*16, as-server 0, 0*31
 *   frame     flags      1 more follows, 2 long, 4 command
 *             size       1 byte, or 8 big-endian if long
 *             body
 *   command   its name's length (1), its name, data
 *   READY     for each property: length (1), name, length (4), value
 * </pre>
 */
final class Zmtp {
    static final int MORE = 1;
    static final int LONG = 2;
    static final int COMMAND = 4;
    static final int GREETING = 64;

    private Zmtp() {}

    static ByteBuffer greeting() {
        byte[] greeting = new byte[GREETING];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        return ByteBuffer.wrap(greeting);
    }

    static ByteBuffer ready() {
        return command(
                "READY", "\13Socket-Type\0\0\0\6DEALER\10Identity\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A heartbeat; the peer drops the connection when it hears nothing for {@code ttlMillis}. */
    static ByteBuffer ping(int ttlMillis) {
        int tenths = ttlMillis / 100;
        return command("PING", new byte[] {(byte) (tenths >> 8), (byte) tenths});
    }

    /** What answers a PING that bore {@code context}. */
    static ByteBuffer pong(byte[] context) {
        return command("PONG", context);
    }

    private static ByteBuffer command(String name, byte[] data) {
        ByteBuffer out = ByteBuffer.allocate(3 + name.length() + data.length);
        out.put((byte) COMMAND).put((byte) (1 + name.length() + data.length));
        out.put((byte) name.length())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data);
        return out.flip();
    }

    /** The name of a command. */
    static String name(byte[] command) {
        int length = command.length == 0 ? 0 : Math.min(command[0], command.length - 1);
        return new String(command, 1, Math.max(length, 0), StandardCharsets.ISO_8859_1);
    }

    /** What follows the name of a command. */
    static byte[] data(byte[] command) {
        return Arrays.copyOfRange(
                command, Math.min(command.length, 1 + name(command).length()), command.length);
    }

    /** A message of {@code frames}, at least one. */
    static ByteBuffer message(List<byte[]> frames) {
        int size = 0;
        for (byte[] frame : frames) {
            size += frame.length + (frame.length < 256 ? 2 : 9);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            int more = i < frames.size() - 1 ? MORE : 0;
            if (frame.length < 256) {
                out.put((byte) more).put((byte) frame.length);
            } else {
                out.put((byte) (more | LONG)).putLong(frame.length);
            }
            out.put(frame);
        }
        return out.flip();
    }
}
