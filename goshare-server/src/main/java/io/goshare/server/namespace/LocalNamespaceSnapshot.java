package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the engine, which may hold a group that was written but not applied yet. What that changed is known
 * from the table of changes, and read from history instead; its cuts stand as rows.
 */
final class LocalNamespaceSnapshot implements NamespaceSnapshot {
    private final StorageEngine base;
    private final Snapshot snapshot;

    LocalNamespaceSnapshot(StorageEngine base) {
        this.base = base;
        this.snapshot = base.snapshot();
    }

    @Override
    public void read(Optional<Path> root, long revision, Predicate<NamespaceValue> visitor) {
        List<Cut> cuts = new ArrayList<>(Cut.all((from, to, rows) -> base.scan(snapshot, from, to, rows)));
        cuts.removeIf(cut -> cut.revision() > revision);
        NamespaceView view = new NamespaceView(base, snapshot, cuts);
        TreeSet<byte[]> newer = new TreeSet<>(Arrays::compareUnsigned);
        ChangeTable.scan(base, snapshot, revision, (changed, path, since) -> {
            newer.add(path);
            return true;
        });
        byte[] prefix = root.map(Path::subtreePrefix).orElseGet(() -> new byte[0]);
        byte[] end = prefix.length == 0 ? null : Tables.behind(prefix);
        Optional<byte[]> stopped = view.walk(
                prefix,
                end,
                OptionalLong.empty(),
                Long.MAX_VALUE,
                (path, row) -> newer.contains(path) || visitor.test(view.value(path, row)));
        if (stopped.isPresent()) {
            return;
        }
        for (byte[] path : newer.tailSet(prefix, true)) {
            NamespaceValue value = startsWith(path, prefix) ? asOf(view, path, revision) : null;
            if (value != null && !visitor.test(value)) {
                return;
            }
        }
    }

    private static boolean startsWith(byte[] path, byte[] prefix) {
        return path.length >= prefix.length && Arrays.equals(path, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The first row of history that {@code revision} or an older one made. */
    private static @Nullable NamespaceValue asOf(NamespaceView view, byte[] path, long revision) {
        byte[] prefix = HistoryRow.prefix(path);
        List<NamespaceValue> found = new ArrayList<>(1);
        view.scanHistory(prefix, Tables.behind(prefix), (key, value) -> {
            HistoryRow row = HistoryRow.decode(value);
            if (row.revision() > revision) {
                return true;
            }
            if (row.value() != null) {
                long since = HistoryRow.sinceOf(key);
                found.add(new NamespaceValue(
                        Path.decode(path), row.value(), since, since, row.revision(), row.revision()));
            }
            return false;
        });
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
