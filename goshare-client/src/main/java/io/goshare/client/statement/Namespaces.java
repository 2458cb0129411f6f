package io.goshare.client.statement;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The path that all paths of a connection are below: put before what is sent, taken off what comes back. */
public record Namespaces(Optional<Path> prefix) {
    Path under(Path path) {
        if (prefix.isEmpty()) {
            return path;
        }
        List<byte[]> segments = new ArrayList<>(prefix.get().segments());
        segments.addAll(path.segments());
        return Path.of(segments);
    }

    Selector under(Selector selector) {
        if (prefix.isEmpty()) {
            return selector;
        }
        List<io.goshare.protocol.model.SegmentPattern> segments =
                new ArrayList<>(Selector.at(prefix.get()).segments());
        segments.addAll(selector.segments());
        return new Selector(segments, selector.matchers());
    }

    /** The key as the server has it. */
    public SeriesKey under(SeriesKey key) {
        return prefix.isEmpty() ? key : new SeriesKey(under(key.path()), key.tags());
    }

    /** The key as the application has it. */
    public SeriesKey off(SeriesKey key) {
        return prefix.isEmpty() ? key : new SeriesKey(off(key.path()), key.tags());
    }

    Path off(Path path) {
        if (prefix.isEmpty()
                || !prefix.get().contains(path)
                || path.depth() == prefix.get().depth()) {
            return path;
        }
        List<byte[]> segments = path.segments();
        return Path.of(segments.subList(prefix.get().depth(), segments.size()));
    }

    /** The same of a path as text. */
    String off(String path) {
        return prefix.isEmpty() ? path : off(Path.parse(path)).toString();
    }
}
