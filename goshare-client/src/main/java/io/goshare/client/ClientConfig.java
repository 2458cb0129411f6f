package io.goshare.client;

import io.goshare.protocol.Durations;
import io.goshare.protocol.Format;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A value for each {@link Option}: the builder's, else the URL's, else a system property, else the environment's. */
public final class ClientConfig {
    private final Map<Option, String> values;

    private ClientConfig(Map<Option, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** @throws io.goshare.client.error.ConfigurationException if a property or variable is malformed */
    static ClientConfig of(
            Map<Option, String> builder,
            Map<Option, String> url,
            UnaryOperator<String> properties,
            UnaryOperator<String> environment) {
        Map<Option, String> values = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            String given = Optional.ofNullable(builder.get(option))
                    .or(() -> Optional.ofNullable(url.get(option)))
                    .or(() -> option.ofProcess(properties, environment).map(option::read))
                    .orElse(option.fallback());
            values.put(option, given);
        }
        return new ClientConfig(values);
    }

    private String value(Option option) {
        return values.getOrDefault(option, option.fallback());
    }

    /** The value of {@code option} unless it is empty. */
    public Optional<String> get(Option option) {
        return Optional.of(value(option)).filter(text -> !text.isEmpty());
    }

    public int integer(Option option) {
        return Integer.parseInt(value(option));
    }

    public Duration duration(Option option) {
        return Duration.ofNanos(Durations.parse(value(option)));
    }

    /** The time of one attempt; empty for each host's share of the call's. */
    public Optional<Duration> attemptTimeout() {
        return get(Option.ATTEMPT_TIMEOUT).map(text -> Duration.ofNanos(Durations.parse(text)));
    }

    /** The encoding of points. */
    public Format points() {
        return Format.valueOf(value(Option.ENCODING).toUpperCase(Locale.ROOT));
    }

    /** The encoding of values and rows: that of points where it has them, else the nearest that does. */
    public Format rows() {
        return points().ofRows();
    }

    /** All values by key, but for secrets. */
    public Map<String, String> shown() {
        Map<String, String> shown = new HashMap<>();
        values.forEach((option, value) -> {
            if (!option.isSecret()) {
                shown.put(option.key(), value);
            }
        });
        return shown;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "ClientConfig" + shown();
    }
}
