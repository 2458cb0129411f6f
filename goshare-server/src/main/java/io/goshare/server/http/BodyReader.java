package io.goshare.server.http;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads a request's body as it arrives, on the selector's thread, and stops at the limit. Memory grows with what has
 * come, not with what was announced.
 */
final class BodyReader {
    private static final int FIRST = 8192;
    /** Memory for a body grows to what was announced once so much of it has come. */
    private static final int TRUSTED = 64 << 10;

    /** Bytes of a refused body that are read and let go. */
    private static final long MAX_DRAINED = 64 << 20;

    private final Request request;
    private final int most;
    private final Budget budget;
    private final Consumer<byte[]> whole;
    private final Consumer<GoShareException> failed;
    private byte[] bytes = {};
    private int size;
    private int taken;
    private long drained;
    private boolean cut;
    private int announced;

    /**
     * @param whole gets the body, once; {@link #release} is due when it is no longer needed
     * @param failed gets why there is none, once
     */
    BodyReader(Request request, int most, Budget budget, Consumer<byte[]> whole, Consumer<GoShareException> failed) {
        this.request = request;
        this.most = most;
        this.budget = budget;
        this.whole = whole;
        this.failed = failed;
    }

    void start() {
        long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (length > most) {
            cut = true;
            failed.accept(tooLarge());
            return;
        }
        announced = (int) length;
        read();
    }

    private void read() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::read));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                failed.accept(new GoShareException(
                        ErrorCode.BAD_REQUEST, "the body could not be read to its end", chunk.getFailure()));
                return;
            }
            GoShareException refusal = append(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (refusal != null) {
                cut = !last;
                failed.accept(refusal);
                return;
            }
            if (last) {
                whole.accept(bytes.length == size ? bytes : Arrays.copyOf(bytes, size));
                return;
            }
        }
    }

    private @org.jspecify.annotations.Nullable GoShareException append(ByteBuffer piece) {
        int more = piece.remaining();
        if (more > most - size) {
            return tooLarge();
        }
        if (size + more > bytes.length) {
            int grown = Math.min(most, Math.max(Math.max(FIRST, size + more), bytes.length * 4));
            if (announced >= size + more && (announced < grown || size + more >= TRUSTED)) {
                grown = announced;
            }
            if (!budget.take(grown - taken)) {
                return new GoShareException(ErrorCode.UNAVAILABLE, "too many request bytes are under way; try again");
            }
            taken = grown;
            bytes = Arrays.copyOf(bytes, grown);
        }
        piece.get(bytes, size, more);
        size += more;
        return null;
    }

    private GoShareException tooLarge() {
        return new GoShareException(ErrorCode.TOO_LARGE, "a body has at most " + most + " bytes here");
    }

    /**
     * Lets go what is left of a refused body, in a bound, and then runs {@code done}: who closes on a client that still
     * writes takes the reply from it.
     */
    void drain(Runnable done) {
        while (drained <= MAX_DRAINED) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> drain(done)));
                return;
            }
            drained += chunk.remaining();
            chunk.release();
            if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
                break;
            }
        }
        done.run();
    }

    /** Whether the body was refused before its end. */
    boolean isCut() {
        return cut;
    }

    /** Gives the memory back to the budget. */
    void release() {
        budget.give(taken);
        taken = 0;
    }
}
