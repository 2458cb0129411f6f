package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import io.goshare.server.namespace.Child;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.series.SeriesFilter;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The next segments below a path, of namespace values and of series, merged in the order of paths. */
final class ChildrenCommand {
    private static final Value YES = Value.of(true);
    private static final Value NO = Value.of(false);

    private final NamespaceStore namespace;
    private final SeriesStore series;

    ChildrenCommand(NamespaceStore namespace, SeriesStore series) {
        this.namespace = namespace;
        this.series = series;
    }

    /** @param at empty for now; a series is there from its first point on */
    Reply run(Command command, OptionalLong at) {
        Optional<Path> parent = command.get(Param.PATH);
        PageRequest request = Requests.page(command);
        Optional<byte[]> from = Cursors.of(command);
        Page<Child> page = namespace.children(parent, at, from, request);
        NavigableMap<Path, @Nullable Child> merged = new TreeMap<>();
        List<Path> candidates = series.children(parent, from.orElseGet(() -> new byte[0]), request.rows() + 1);
        Optional<byte[]> next = candidates.size() > request.rows()
                ? first(page.next(), candidates.get(request.rows()).subtreePrefix())
                : page.next();
        for (Path child : candidates) {
            if (isBefore(child, next) && (at.isEmpty() || hasPoint(child, at.getAsLong()))) {
                merged.put(child, null);
            }
        }
        List<Path> ofSeries = List.copyOf(merged.keySet());
        page.rows().stream()
                .filter(child -> isBefore(child.path(), next))
                .forEach(child -> merged.put(child.path(), child));
        return reply(command, merged, ofSeries, request.rows(), next);
    }

    private static Optional<byte[]> first(Optional<byte[]> a, byte[] b) {
        return a.isPresent() && Arrays.compareUnsigned(a.get(), b) < 0 ? a : Optional.of(b);
    }

    private static boolean isBefore(Path child, Optional<byte[]> end) {
        return end.isEmpty() || Arrays.compareUnsigned(child.subtreePrefix(), end.get()) < 0;
    }

    private Reply reply(
            Command command,
            NavigableMap<Path, @Nullable Child> merged,
            List<Path> ofSeries,
            int limit,
            Optional<byte[]> next) {
        Set<Path> series = new HashSet<>(ofSeries);
        Table table = Table.of("name", "path", "value", "children", "series");
        for (Map.Entry<Path, @Nullable Child> entry : merged.entrySet()) {
            Path path = entry.getKey();
            if (table.rows().size() == limit) {
                return Cursors.note(Reply.of(table), command.verb(), Optional.of(path.subtreePrefix()));
            }
            Child child = entry.getValue();
            List<byte[]> segments = path.segments();
            table.add(
                    Value.text(segments.get(segments.size() - 1)),
                    Value.of(path.toString()),
                    child != null && child.hasValue() ? YES : NO,
                    child != null && child.hasChildren() ? YES : NO,
                    series.contains(path) ? YES : NO);
        }
        return Cursors.note(Reply.of(table), command.verb(), next);
    }

    /** Whether a series at or below {@code path} has a point at or before {@code time}. */
    private boolean hasPoint(Path path, long time) {
        try (SeriesView view = series.view(SeriesFilter.subtree(path), new TimeRange(0, 0))) {
            for (int i = 0; i < view.size(); i++) {
                if (view.asOf(i, time).count() > 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
