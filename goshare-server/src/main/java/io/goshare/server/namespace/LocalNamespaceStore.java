package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.Snapshot;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import io.goshare.server.keyvalue.ValueBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tree of names in one storage engine. */
public final class LocalNamespaceStore implements NamespaceStore {
    private static final byte[] ROOT = {};

    private final StorageEngine base;
    private final CutState cuts;
    private final ChangeTable changes;
    private final int maxEnds;

    /** Counts the changes kept, which is quick: they are bounded. */
    public LocalNamespaceStore(StorageEngine base) {
        this(base, NamespaceChange.MAX_ENDS);
    }

    /** A store that cuts off subtrees of more than {@code maxEnds} rows. */
    LocalNamespaceStore(StorageEngine base, int maxEnds) {
        this.base = base;
        this.maxEnds = maxEnds;
        this.cuts = new CutState(base);
        this.changes = new ChangeTable(base);
    }

    @Override
    public Optional<NamespaceValue> get(Path path, OptionalLong at) {
        return cuts.mayBe() ? view(view -> view.get(path, at)) : new NamespaceView(base, null, List.of()).get(path, at);
    }

    @Override
    public List<Optional<NamespaceValue>> get(List<Path> paths, OptionalLong at) {
        return view(view -> {
            List<Optional<NamespaceValue>> values = new ArrayList<>(paths.size());
            ValueBytes bytes = new ValueBytes();
            for (Path path : paths) {
                Optional<NamespaceValue> value = view.get(path, at);
                value.ifPresent(found -> bytes.add(found.value()));
                values.add(value);
            }
            return values;
        });
    }

    /**
     * Reads from one snapshot. A cut it may hold was flagged before it was written, so before the snapshot was taken.
     */
    private <T> T view(Function<NamespaceView, T> read) {
        try (Snapshot snapshot = base.snapshot()) {
            List<Cut> standing =
                    cuts.mayBe() ? Cut.all((from, to, rows) -> base.scan(snapshot, from, to, rows)) : List.of();
            return read.apply(new NamespaceView(base, snapshot, standing));
        }
    }

    @Override
    public Page<NamespaceValue> subtree(Optional<Path> root, OptionalLong at, Optional<byte[]> from, PageRequest page) {
        byte[] prefix = root.map(Path::subtreePrefix).orElse(ROOT);
        return view(view -> {
            List<NamespaceValue> values = new ArrayList<>();
            PageRequest.Meter meter = page.meter();
            Optional<byte[]> next = view.walk(start(prefix, from), end(prefix), at, page.deadline(), (path, row) -> {
                if (!meter.hasRoom()) {
                    return false;
                }
                NamespaceValue value = view.value(path, row);
                meter.take(path.length + 32L + value.value().bytes().length);
                return values.add(value);
            });
            return new Page<>(values, next);
        });
    }

    private static byte[] start(byte[] prefix, Optional<byte[]> from) {
        return from.filter(at -> Arrays.compareUnsigned(at, prefix) > 0).orElse(prefix);
    }

    private static byte @Nullable [] end(byte[] prefix) {
        return prefix.length == 0 ? null : Tables.behind(prefix);
    }

    @Override
    public Page<Child> children(Optional<Path> parent, OptionalLong at, Optional<byte[]> from, PageRequest page) {
        byte[] prefix = parent.map(Path::subtreePrefix).orElse(ROOT);
        return view(view -> new ChildScan(view, prefix, at, page).run(start(prefix, from)));
    }

    @Override
    public long count(Path root, long most) {
        byte[] prefix = root.subtreePrefix();
        return view(view -> {
            long[] count = {0};
            view.walk(prefix, end(prefix), OptionalLong.empty(), Long.MAX_VALUE, (path, row) -> ++count[0] <= most);
            return count[0];
        });
    }

    @Override
    public Page<Era> history(Path path, Optional<byte[]> from, PageRequest page) {
        byte[] prefix = HistoryRow.prefix(path.encoded());
        long newest =
                from.map(at -> HistoryRow.invert(ByteBuffer.wrap(at).getLong())).orElse(Long.MAX_VALUE);
        return view(view -> {
            List<Era> eras = new ArrayList<>();
            PageRequest.Meter meter = page.meter();
            long[] before = {Long.MAX_VALUE};
            AtomicReference<byte @Nullable []> next = new AtomicReference<>();
            for (Era era : view.top(path)) {
                before[0] = era.from();
                if (era.from() <= newest) {
                    meter.take(64);
                    eras.add(era);
                }
            }
            byte[] start = HistoryRow.key(path.encoded(), newest);
            view.scanHistory(start, Tables.behind(prefix), (key, value) -> {
                long since = HistoryRow.sinceOf(key);
                if (since >= before[0]) {
                    return true; // the current value, which stands here too
                }
                if (!meter.hasRoom() || !meter.look()) {
                    next.set(ByteBuffer.allocate(8)
                            .putLong(HistoryRow.invert(since))
                            .array());
                    return false;
                }
                HistoryRow row = HistoryRow.decode(value);
                meter.take(key.length + (long) value.length);
                return eras.add(new Era(since, Optional.ofNullable(row.value()), row.revision()));
            });
            return new Page<>(eras, Optional.ofNullable(next.get()));
        });
    }

    @Override
    public boolean changes(Optional<Path> root, TimeRange range, long deadline, Predicate<Transition> visitor) {
        byte[] prefix = root.map(Path::subtreePrefix).orElse(ROOT);
        return view(view -> new TransitionScan(view, range, deadline, visitor).run(prefix, end(prefix)));
    }

    @Override
    public Mutation change(List<Change> steps) {
        return new NamespaceChange(steps, cuts, changes, maxEnds);
    }

    @Override
    public Mutation sweepCuts(int rows) {
        return cuts.sweep(rows);
    }

    @Override
    public Drop drop(Path root, long revision) {
        return new DropRun(root, revision);
    }

    @Override
    public boolean changed(long after, Changed changed) {
        if (after < changes.keptAfter()) {
            return false;
        }
        ChangeTable.scan(base, null, after, changed);
        return after >= changes.keptAfter();
    }

    @Override
    public long changesKeptAfter() {
        return changes.keptAfter();
    }

    @Override
    public Optional<Transition> changeAt(byte[] path, long since) {
        List<Transition> found = new ArrayList<>(1);
        view(view -> new TransitionScan(view, new TimeRange(since, since + 1), Long.MAX_VALUE, found::add)
                .run(path, Tables.behind(path)));
        return found.stream().findFirst();
    }

    @Override
    public Optional<CutOff> cut(byte tag, byte[] operation) {
        return tag == Cut.OPERATION
                ? Optional.of(new CutOff(
                        Path.decode(Arrays.copyOfRange(operation, 8, operation.length)),
                        ByteBuffer.wrap(operation).getLong()))
                : Optional.empty();
    }

    @Override
    public NamespaceSnapshot snapshot() {
        return new LocalNamespaceSnapshot(base);
    }

    @Override
    public Mutation trimChanges(int rows) {
        return changes.trim(rows);
    }
}
