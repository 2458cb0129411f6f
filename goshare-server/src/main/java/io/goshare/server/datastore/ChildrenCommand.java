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
import java.util.ArrayList;
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

    /** @param at of the namespace; series are listed as of now */
    Reply run(Command command, OptionalLong at) {
        Optional<Path> parent = command.get(Param.PATH);
        PageRequest request = Requests.page(command);
        Optional<byte[]> from = Cursors.of(command);
        Page<Child> page = namespace.children(parent, at, from, request);
        NavigableMap<Path, @Nullable Child> merged = new TreeMap<>();
        for (Path child : seriesChildren(parent)) {
            byte[] place = child.subtreePrefix();
            boolean begun = from.isEmpty() || Arrays.compareUnsigned(place, from.get()) >= 0;
            boolean reached = page.next().isEmpty()
                    || Arrays.compareUnsigned(place, page.next().get()) < 0;
            if (begun && reached) {
                merged.put(child, null);
            }
        }
        List<Path> ofSeries = List.copyOf(merged.keySet());
        page.rows().forEach(child -> merged.put(child.path(), child));
        return reply(command, merged, ofSeries, request.rows(), page.next());
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

    private List<Path> seriesChildren(Optional<Path> parent) {
        if (parent.isPresent()) {
            return series.children(parent.get());
        }
        List<Path> roots = new ArrayList<>();
        try (SeriesView view = series.view(SeriesFilter.all(), new TimeRange(0, 0))) {
            for (int i = 0; i < view.size(); i++) {
                Path path = view.series(i).key().path();
                if (roots.isEmpty() || !roots.get(roots.size() - 1).contains(path)) {
                    roots.add(Path.of(path.segments().subList(0, 1)));
                }
            }
        }
        return roots;
    }
}
