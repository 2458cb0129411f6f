package io.goshare.server.query;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes something of each series, asked for in order: one after the other and, once that has taken {@link #PATIENCE} or
 * what is left looks as if it would, a block of them ahead on as many threads as are free, this one among them. A woken
 * thread starts late, so that small queries are better off alone, and blocks are made to last. For one thread; what it
 * calls on others ends before {@link #get} returns.
 *
 * @param <T> what is made of one series
 */
final class Ahead<T> {
    /** Nanoseconds of work below which a second thread gains nothing. */
    static final long PATIENCE = 500_000L;

    /** Least series of a block. */
    private static final int BLOCK = 64;

    /** Nanoseconds that a block of more series is to last, on one thread. */
    private static final long BLOCK_NANOS = 4_000_000;

    /** Nanoseconds of work that a thread takes at once, where a series needs less. */
    private static final long STRIDE_NANOS = 20_000;

    /** Series after which it is told how long the others will take. */
    private static final int FIRST = 16;

    private final IntFunction<T> own;
    private final Supplier<IntFunction<T>> others;
    private final Executor helpers;
    private final int count;
    private final int size;
    private final long patience;
    private final long started = System.nanoTime();
    private AtomicReferenceArray<@Nullable T> block = new AtomicReferenceArray<>(0);
    private int blockFrom;
    private int done;

    /**
     * @param own what this thread does
     * @param others what another thread does, with readers of its own
     * @param helpers refuses tasks when all its threads are busy
     * @param count threads of {@code helpers}
     * @param size how many series there are
     * @param patience nanoseconds after which help is asked for
     */
    Ahead(IntFunction<T> own, Supplier<IntFunction<T>> others, Executor helpers, int count, int size, long patience) {
        this.own = own;
        this.others = others;
        this.helpers = helpers;
        this.count = count;
        this.size = size;
        this.patience = patience;
    }

    /** What is made of series {@code index}; each is asked for once, in ascending order. */
    T get(int index) {
        boolean isAhead = index >= blockFrom && index < blockFrom + block.length();
        if (!isAhead) {
            long took = System.nanoTime() - started;
            long each = done < FIRST ? 0 : took / done;
            boolean isLong = took >= patience || each * (size - index) >= patience;
            if (count == 0 || size - index <= 1 || !isLong) {
                done++;
                return own.apply(index);
            }
            make(index, each);
            done += block.length();
        }
        T made = Objects.requireNonNull(block.get(index - blockFrom));
        block.set(index - blockFrom, null);
        return made;
    }

    /** @param each nanoseconds that a series takes, about; 0 where that is not known */
    private void make(int from, long each) {
        long length = each == 0 ? BLOCK : Math.max(BLOCK, BLOCK_NANOS / each);
        int stride = each == 0 ? 1 : (int) Math.max(1, Math.min(BLOCK / 4, STRIDE_NANOS / each));
        AtomicReferenceArray<@Nullable T> made = new AtomicReferenceArray<>((int) Math.min(length, size - from));
        AtomicInteger next = new AtomicInteger();
        FutureTask<?>[] helping = new FutureTask<?>[Math.min(count, made.length() - 1)];
        int started = 0;
        try {
            for (; started < helping.length; started++) {
                helping[started] = new FutureTask<>(() -> work(others.get(), from, next, stride, made), true);
                helpers.execute(helping[started]);
            }
        } catch (RejectedExecutionException e) {
            helping[started].cancel(false); // all are busy: what has started, and this thread, do the work
        }
        @Nullable RuntimeException failure = null;
        try {
            work(own, from, next, stride, made);
        } catch (RuntimeException e) {
            failure = e;
            next.set(made.length());
        }
        for (int i = 0; i < started; i++) {
            failure = join(helping[i], failure);
        }
        if (failure != null) {
            throw failure;
        }
        block = made;
        blockFrom = from;
    }

    private static <T> void work(
            IntFunction<T> work, int from, AtomicInteger next, int stride, AtomicReferenceArray<@Nullable T> made) {
        for (int first = next.getAndAdd(stride); first < made.length(); first = next.getAndAdd(stride)) {
            for (int i = first; i < Math.min(first + stride, made.length()); i++) {
                made.set(i, work.apply(from + i));
            }
        }
    }

    /** Waits for {@code task}, whatever else failed: its readers are closed afterwards. */
    private static @Nullable RuntimeException join(FutureTask<?> task, @Nullable RuntimeException before) {
        RuntimeException failure = before;
        boolean interrupted = false;
        while (true) {
            try {
                task.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                failure = failure == null ? (RuntimeException) e.getCause() : failure;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return failure;
    }
}
