package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final Guard guard = new Guard("thing");

    @Test
    void closingWaitsForCallsAndLetsNoneBegin() throws InterruptedException {
        guard.enter();
        assertThat(guard.close()).isTrue();
        assertThat(guard.close()).isFalse();

        assertThatThrownBy(guard::enter).isInstanceOf(EngineException.class).hasMessage("thing is closed");
        assertThat(guard.awaitQuiet(Duration.ofMillis(5))).isFalse();
        Thread call = new Thread(guard::exit);
        call.start();
        assertThat(guard.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        call.join();
    }

    @Test
    void anInterruptDoesNotCutTheWaitShortAndIsKept() {
        guard.enter();
        guard.close();
        Thread.currentThread().interrupt();

        assertThat(guard.awaitQuiet(Duration.ofMillis(20))).isFalse();

        assertThat(Thread.interrupted()).isTrue();
    }
}
