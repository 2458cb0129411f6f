package io.goshare.server.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
    private final FailingEngine base = new FailingEngine();

    @Test
    void aCleanCloseGoesOnWithTheNextNumber() {
        Numbers numbers = Numbers.open(base, "test");
        numbers.take();
        numbers.take();
        numbers.reserve(base);
        numbers.close(base);

        assertThat(Numbers.open(base, "test").take()).isEqualTo(3);
    }

    @Test
    void anUncleanEndGoesOnBehindTheBlock() {
        Numbers numbers = Numbers.open(base, "test");
        numbers.take();
        numbers.reserve(base);

        assertThat(Numbers.open(base, "test").take()).isEqualTo(Numbers.BLOCK + 1);
    }

    @Test
    void anUncleanEndAfterACleanOneGoesOnBehindTheBlock() {
        Numbers numbers = Numbers.open(base, "test");
        numbers.take();
        numbers.reserve(base);
        numbers.close(base);
        Numbers again = Numbers.open(base, "test");
        again.take();
        again.reserve(base);

        assertThat(Numbers.open(base, "test").take()).isEqualTo(Numbers.BLOCK + 1);
    }

    @Test
    void aBlockIsReservedAndSyncedOnceAndOnlyForTakenNumbers() {
        Numbers numbers = Numbers.open(base, "test");
        numbers.reserve(base);
        assertThat(base.syncs).isZero();

        for (int i = 0; i < Numbers.BLOCK; i++) {
            numbers.take();
            numbers.reserve(base);
        }

        assertThat(base.syncs).isEqualTo(1);
        numbers.take();
        numbers.reserve(base);
        assertThat(base.syncs).isEqualTo(2);
        assertThat(Numbers.open(base, "test").last()).isEqualTo(2 * Numbers.BLOCK);
    }
}
