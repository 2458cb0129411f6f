package io.goshare.client.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {
    @Test
    void callsAreTimedAndRetriesCounted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MicrometerListener listener = new MicrometerListener(registry);

        listener.ended("get", "ok", "a:1", 1, Duration.ofMillis(20));
        listener.ended("get", "ok", "a:1", 3, Duration.ofMillis(40));
        listener.ended("get", "timeout", "a:1", 1, Duration.ofMillis(1));

        assertThat(registry.get("goshare.client.calls")
                        .tags("verb", "get", "code", "ok", "endpoint", "a:1")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(60);
        assertThat(registry.get("goshare.client.calls")
                        .tag("code", "timeout")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("goshare.client.retries").counter().count()).isEqualTo(2);
    }
}
