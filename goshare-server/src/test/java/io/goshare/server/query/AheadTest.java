package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AheadTest {
    private static final int SIZE = 200;

    private final ExecutorService helpers = Executors.newFixedThreadPool(2);

    @AfterEach
    void close() {
        helpers.shutdownNow();
    }

    private static List<String> all(Ahead<String> ahead) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            all.add(ahead.get(i));
        }
        return all;
    }

    private static List<String> expected() {
        return IntStream.range(0, SIZE).mapToObj(i -> "s" + i).toList();
    }

    @Test
    void whatIsMadeOnManyThreadsComesInOrder() throws InterruptedException {
        CountDownLatch helped = new CountDownLatch(1);
        IntFunction<String> own = i -> {
            if (i == 0) {
                await(helped); // so that another thread must have made one
            }
            return "s" + i;
        };
        IntFunction<String> other = i -> {
            helped.countDown();
            return "s" + i;
        };

        assertThat(all(new Ahead<>(own, () -> other, helpers, 2, SIZE, 0))).isEqualTo(expected());
        assertThat(helped.getCount()).isZero();
    }

    @Test
    void whereTheFirstTellThatItWillTakeLongOthersHelp() {
        CountDownLatch helped = new CountDownLatch(1);
        IntFunction<String> own = i -> {
            long end = System.nanoTime() + 1_000_000;
            while (i < 16 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            if (i == 16) {
                await(helped); // so that another thread must have made one
            }
            return "s" + i;
        };
        IntFunction<String> other = i -> {
            helped.countDown();
            return "s" + i;
        };

        assertThat(all(new Ahead<>(own, () -> other, helpers, 2, SIZE, 100_000_000)))
                .isEqualTo(expected());
        assertThat(helped.getCount()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody helped");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aShortQueryStaysAlone() {
        IntFunction<String> nobody = i -> {
            throw new IllegalStateException("not asked");
        };

        assertThat(all(new Ahead<>(i -> "s" + i, () -> nobody, helpers, 2, SIZE, Long.MAX_VALUE)))
                .isEqualTo(expected());
    }

    @Test
    void whereNoThreadIsFreeThisOneDoesItAll() {
        Ahead<String> ahead = new Ahead<>(
                i -> "s" + i,
                () -> i -> "never",
                task -> {
                    throw new RejectedExecutionException();
                },
                2,
                SIZE,
                0);

        assertThat(all(ahead)).isEqualTo(expected());
    }

    @Test
    void aFailureIsToldAfterAllHaveEnded() {
        AtomicInteger working = new AtomicInteger();
        IntFunction<String> fails = i -> {
            working.incrementAndGet();
            try {
                if (i == 100) {
                    throw new IllegalArgumentException("series " + i);
                }
                return "s" + i;
            } finally {
                working.decrementAndGet();
            }
        };

        assertThatThrownBy(() -> all(new Ahead<>(fails, () -> fails, helpers, 2, SIZE, 0)))
                .hasMessage("series 100");
        assertThat(working).hasValue(0);
    }
}
