package io.goshare.client.transport.zeromq;

import io.goshare.client.transport.Fault;
import io.goshare.client.transport.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** ZMTP in: cuts what arrives into the greeting, commands and messages. For one connection and one thread. */
final class ZmtpReader {
    /** Who is told what arrived. */
    interface Sink {
        void greeting(byte[] greeting);

        void command(byte[] body);

        void message(List<byte[]> frames);
    }

    private static final int MAX_FRAMES = 16;
    private static final int MAX_COMMAND_BYTES = 64 << 10;

    private final String endpoint;
    private final Sink sink;
    private final long maxBytes;
    private final ByteBuffer in = ByteBuffer.allocate(64 << 10);
    private List<byte[]> frames = new ArrayList<>(2);
    private long messageBytes;
    private boolean greeted;

    /** The frame being filled; null between frames. */
    private byte @org.jspecify.annotations.Nullable [] body;

    private int filled;
    private int flags;

    /** @param maxBytes of a message */
    ZmtpReader(String endpoint, Sink sink, long maxBytes) {
        this.endpoint = endpoint;
        this.sink = sink;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes what {@code channel} has now.
     *
     * @return false at the end of the stream
     * @throws TransportException if it is no ZMTP, or a message is too large
     */
    boolean read(ReadableByteChannel channel) throws IOException {
        byte[] frame = body;
        // A large frame is read to where it belongs; what is left in the buffer comes first.
        if (frame != null && in.position() == 0 && frame.length - filled > in.capacity()) {
            int count = channel.read(ByteBuffer.wrap(frame, filled, frame.length - filled));
            filled += Math.max(count, 0);
            if (filled == frame.length) {
                finish(frame);
            }
            return count >= 0;
        }
        int count = channel.read(in);
        in.flip();
        while (step()) {
            // each step takes one piece
        }
        in.compact();
        return count >= 0;
    }

    /** Whether a message has begun and not ended. */
    boolean isInside() {
        return body != null || !frames.isEmpty() || in.position() > 0;
    }

    /** The first frame of the message that has begun and not ended; empty if not even that is whole. */
    List<byte[]> begun() {
        return frames;
    }

    boolean isGreeted() {
        return greeted;
    }

    private boolean step() {
        byte[] frame = body;
        if (frame != null) {
            int part = Math.min(in.remaining(), frame.length - filled);
            in.get(frame, filled, part);
            filled += part;
            if (filled < frame.length) {
                return false;
            }
            finish(frame);
            return true;
        }
        return greeted ? header() : greet();
    }

    private boolean greet() {
        if (in.hasRemaining() && in.get(in.position()) != (byte) 0xff
                || in.remaining() >= 10 && in.get(in.position() + 9) != 0x7f) {
            throw new TransportException(
                    Fault.NOT_GOSHARE, "what answers at " + endpoint + " does not speak ZeroMQ; correct the port");
        }
        if (in.remaining() < Zmtp.GREETING) {
            return false;
        }
        byte[] greeting = new byte[Zmtp.GREETING];
        in.get(greeting);
        if (greeting[10] < 3) {
            throw new TransportException(Fault.NOT_GOSHARE, endpoint + " speaks ZMTP " + greeting[10] + ", not 3");
        }
        String mechanism = new String(greeting, 12, 20, StandardCharsets.ISO_8859_1).replace("\0", "");
        if (!mechanism.equals("NULL")) {
            throw new TransportException(
                    Fault.NOT_GOSHARE,
                    endpoint + " wants the ZeroMQ mechanism " + mechanism + "; this client has NULL");
        }
        greeted = true;
        sink.greeting(greeting);
        return true;
    }

    private boolean header() {
        if (in.remaining() < 2) {
            return false;
        }
        flags = in.get(in.position()) & 0xff;
        boolean isLong = (flags & Zmtp.LONG) != 0;
        if (flags > 7 || isLong && in.remaining() < 9) {
            if (flags > 7) {
                throw new TransportException(Fault.WRONG_TYPE, "what came from " + endpoint + " is no ZeroMQ frame");
            }
            return false;
        }
        in.get();
        long size = isLong ? in.getLong() : in.get() & 0xff;
        boolean isCommand = (flags & Zmtp.COMMAND) != 0;
        if (size < 0 || size + messageBytes > maxBytes || isCommand && size > MAX_COMMAND_BYTES) {
            throw new TransportException(
                    Fault.TOO_LARGE,
                    "a reply of " + endpoint + " of " + (size < 0 ? "more than 2^63" : size)
                            + " bytes is above the limit of " + maxBytes + "; ask for smaller pages");
        }
        body = new byte[(int) size];
        filled = 0;
        return true;
    }

    private void finish(byte[] frame) {
        body = null;
        if ((flags & Zmtp.COMMAND) != 0) {
            sink.command(frame);
            return;
        }
        frames.add(frame);
        messageBytes += frame.length;
        if ((flags & Zmtp.MORE) == 0) {
            List<byte[]> message = frames;
            frames = new ArrayList<>(2);
            messageBytes = 0;
            sink.message(message);
        } else if (frames.size() == MAX_FRAMES) {
            throw new TransportException(
                    Fault.WRONG_TYPE, "a reply of " + endpoint + " has more than " + MAX_FRAMES + " frames");
        }
    }
}
