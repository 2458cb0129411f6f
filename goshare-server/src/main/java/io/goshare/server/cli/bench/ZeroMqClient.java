package io.goshare.server.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A ZeroMQ REQ socket without a library and its threads: ZMTP 3.0 with the NULL mechanism (rfc.zeromq.org/spec/23).
 *
 * <pre>
 *   greeting  64 bytes   FF 0*8 7F, version 3 0, "NULL" 0*16, as-server 0, 0*31
 *   frame     flags      1 more follows, 2 long, 4 command
 *             size       1 byte, or 8 big-endian if long
 *             body
 *   message   an empty frame (REQ's envelope), then the frames of the request
 * </pre>
 */
final class ZeroMqClient implements LoadClient {
    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;
    private static final int GREETING = 64;

    private final Socket socket;
    private final OutputStream out;
    private final ReplyStream in;

    ZeroMqClient(String host, int port) throws IOException {
        this.socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        this.out = socket.getOutputStream();
        this.in = new ReplyStream(socket.getInputStream());
        greet();
    }

    private void greet() throws IOException {
        byte[] greeting = new byte[GREETING];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        out.write(greeting);
        out.write(command("READY", "\13Socket-Type\0\0\0\3REQ"));
        in.readBody(GREETING);
        if (in.body()[0] != (byte) 0xff || in.body()[9] != 0x7f) {
            throw new IOException("no ZeroMQ server at " + socket.getRemoteSocketAddress());
        }
        int flags = in.read();
        String ready = in.readText(size(flags));
        if ((flags & COMMAND) == 0 || !ready.startsWith("\5READY")) {
            throw new IOException("ZeroMQ handshake refused: " + ready);
        }
    }

    /** The bytes of a request of {@code frames}. */
    static byte[] message(byte[]... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frame(MORE, new byte[0], bytes);
        for (int i = 0; i < frames.length; i++) {
            frame(i < frames.length - 1 ? MORE : 0, frames[i], bytes);
        }
        return bytes.toByteArray();
    }

    private static byte[] command(String name, String data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frame(COMMAND, ((char) name.length() + name + data).getBytes(StandardCharsets.ISO_8859_1), bytes);
        return bytes.toByteArray();
    }

    private static void frame(int flags, byte[] body, ByteArrayOutputStream bytes) {
        if (body.length < 256) {
            bytes.write(flags);
            bytes.write(body.length);
        } else {
            bytes.write(flags | LONG);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes.write((int) ((long) body.length >>> shift));
            }
        }
        bytes.writeBytes(body);
    }

    @Override
    public int exchange(byte[] request) throws IOException {
        out.write(request);
        in.clearBody();
        nextFrame();
        int code = 200;
        int flags = nextFrame();
        if ((flags & MORE) != 0 || startsWithNumber()) {
            code = Integer.parseInt(new String(in.body(), 0, 3, StandardCharsets.US_ASCII));
            in.clearBody();
            while ((flags & MORE) != 0) {
                flags = nextFrame();
            }
        }
        return code;
    }

    private boolean startsWithNumber() {
        if (in.bodyLength() < 3 || in.bodyLength() > 3 && in.body()[3] != ' ') {
            return false;
        }
        return in.body()[0] >= '1' && in.body()[0] <= '5' && isDigit(in.body()[1]) && isDigit(in.body()[2]);
    }

    private static boolean isDigit(byte letter) {
        return letter >= '0' && letter <= '9';
    }

    /** Adds the next frame of a message to the body; its flags. Answers heartbeats on the way. */
    private int nextFrame() throws IOException {
        int flags = in.read();
        while ((flags & COMMAND) != 0) {
            String command = in.readText(size(flags));
            if (command.startsWith("\4PING")) {
                // Behind the name: two bytes of time to live, then the context that PONG gives back.
                out.write(command("PONG", command.substring(Math.min(7, command.length()))));
            }
            flags = in.read();
        }
        in.readBody(size(flags));
        return flags;
    }

    private int size(int flags) throws IOException {
        return (flags & LONG) == 0 ? in.read() : in.readLength();
    }

    @Override
    public byte[] body() {
        return in.body();
    }

    @Override
    public int bodyLength() {
        return in.bodyLength();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
