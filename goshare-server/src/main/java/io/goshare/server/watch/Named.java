package io.goshare.server.watch;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a row is of, as its cells tell it; made once for all rows of a series, for that is dear. Immutable.
 *
 * @param tags as they stand behind the path; null for a path of the namespace
 */
record Named(SeriesKey key, Value path, @Nullable Value tags) {
    static Named series(SeriesKey key) {
        String path = key.path().toString();
        return new Named(key, Value.of(path), Value.of(key.toString().substring(path.length())));
    }

    static Named path(Path path) {
        return new Named(SeriesKey.of(path), Value.of(path.toString()), null);
    }

    boolean isSeries() {
        return tags != null;
    }

    @Override
    public String toString() {
        return (isSeries() ? "s" : "n") + key;
    }
}
