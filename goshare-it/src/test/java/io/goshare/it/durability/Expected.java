package io.goshare.it.durability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one client may find of its own keys: all that was acknowledged to it, and, of the one request that was under way
 * when the server died, everything or nothing. For one thread; only {@link #acknowledged} may be asked by others.
 */
final class Expected {
    private final Map<String, String> certain = new TreeMap<>();
    private Map<String, Optional<String>> pending = Map.of();
    private final AtomicLong acknowledged = new AtomicLong();

    /** A request is about to be sent that sets these keys, or removes those that are empty. */
    void begin(Map<String, Optional<String>> changes) {
        pending = changes;
    }

    /** It was acknowledged. */
    void acknowledge() {
        apply();
        acknowledged.incrementAndGet();
    }

    /** It was refused: nothing of it may show. */
    void refused() {
        pending = Map.of();
    }

    private void apply() {
        pending.forEach((key, value) -> value.ifPresentOrElse(set -> certain.put(key, set), () -> certain.remove(key)));
        pending = Map.of();
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(certain.get(key));
    }

    Map<String, String> all() {
        return certain;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Holds it against what the store holds now, and takes for certain what became of the request under way. */
    void verify(String who, Map<String, String> found) {
        Map<String, String> after = new TreeMap<>(certain);
        pending.forEach((key, value) -> value.ifPresentOrElse(set -> after.put(key, set), () -> after.remove(key)));
        if (!pending.isEmpty() && found.equals(after)) {
            apply();
        }
        pending = Map.of();
        assertThat(difference(certain, found))
                .as("%s: expected, and found", who)
                .isEmpty();
    }

    private static Map<String, String> difference(Map<String, String> expected, Map<String, String> found) {
        Map<String, String> wrong = new TreeMap<>();
        expected.forEach((key, value) -> {
            if (!value.equals(found.get(key))) {
                wrong.put(key, shortened(value) + " but " + shortened(String.valueOf(found.get(key))));
            }
        });
        found.forEach((key, value) -> {
            if (!expected.containsKey(key)) {
                wrong.put(key, "nothing but " + shortened(value));
            }
        });
        return wrong;
    }

    private static String shortened(String text) {
        return text.length() < 60 ? text : text.substring(0, 60) + "… of " + text.length();
    }
}
