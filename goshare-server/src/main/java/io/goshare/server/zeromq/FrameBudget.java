package io.goshare.server.zeromq;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import zmq.Msg;
import zmq.msg.MsgAllocator;

/**
 * Bounds the bytes of frames that JeroMQ is still reading or has not handed over: a peer gets a frame's memory by
 * announcing its length, before it has sent a request. A frame beyond the bound is read into a place that all such
 * frames share and comes out as {@link #isLost}. JeroMQ's one I/O thread allocates; frames of peers that went away are
 * found by the garbage collector, which {@link #tidy} calls where it is needed.
 */
final class FrameBudget implements MsgAllocator {
    /** Frames below this many bytes are not counted. */
    private static final int SMALL = 16_384;

    private static final Cleaner CLEANER = Cleaner.create();

    private final long most;
    private final int longest;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private @Nullable ByteBuffer shared;
    private long lostBefore;

    /**
     * @param most bytes of all frames
     * @param longest bytes of one frame, which the socket holds peers to
     */
    FrameBudget(long most, int longest) {
        this.most = most;
        this.longest = longest;
    }

    /** A frame that gives its bytes back once, when taken or when collected. */
    private static final class Counted extends Msg {
        private final Cleaner.Cleanable bytes;

        Counted(int size, AtomicLong used) {
            super(new byte[size]);
            this.bytes = CLEANER.register(this, () -> used.addAndGet(-size));
        }
    }

    /** A frame whose bytes were written over by others'. */
    private static final class Lost extends Msg {
        Lost(ByteBuffer place) {
            super(place);
        }
    }

    @Override
    public Msg allocate(int size) {
        if (size < SMALL) {
            return new Msg(size);
        }
        if (used.addAndGet(size) > most) {
            used.addAndGet(-size);
            lost.incrementAndGet();
            return new Lost(place().slice(0, size));
        }
        return new Counted(size, used);
    }

    private ByteBuffer place() {
        ByteBuffer known = shared;
        if (known == null) {
            known = ByteBuffer.allocate(longest);
            shared = known;
        }
        return known;
    }

    /** Whether the frame has no content, for there was no memory to read it. */
    static boolean isLost(Msg frame) {
        return frame instanceof Lost;
    }

    /** The frame was handed over; whoever has it counts it. */
    static void taken(Msg frame) {
        if (frame instanceof Counted counted) {
            counted.bytes.clean();
        }
    }

    /** Looks for frames of peers that went away, where one was lost since the last call. */
    void tidy() {
        long now = lost.get();
        if (now != lostBefore) {
            lostBefore = now;
            System.gc();
        }
    }

    /** How many frames were lost. */
    long lost() {
        return lost.get();
    }
}
