package io.goshare.client.metrics;

import io.goshare.client.ClientListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Times each call as {@code goshare.client.calls}, tagged {@code verb}, {@code code} and {@code endpoint}, and counts
 * attempts after the first as {@code goshare.client.retries}. For {@link io.goshare.client.GoShare.Builder#listener}.
 * Safe for many threads.
 */
public final class MicrometerListener implements ClientListener {
    private final MeterRegistry registry;

    public MicrometerListener(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(String verb, String code, String endpoint, int attempts, Duration duration) {
        Timer.builder("goshare.client.calls")
                .description("calls from first attempt to last reply")
                .tag("verb", verb)
                .tag("code", code)
                .tag("endpoint", endpoint)
                .register(registry)
                .record(duration);
        if (attempts > 1) {
            registry.counter("goshare.client.retries", "verb", verb, "endpoint", endpoint)
                    .increment(attempts - 1.0);
        }
    }
}
