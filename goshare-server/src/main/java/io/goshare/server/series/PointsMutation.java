package io.goshare.server.series;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Adds points. Packed where it is made, off the commit thread, which only looks up series and hands on the bytes. */
final class PointsMutation implements Mutation {
    /** A codec keeps scratch space of 24 bytes a row; more rows than these get one of their own. */
    private static final int MOST_KEPT = 1 << 16;

    private static final ThreadLocal<ColumnCodec> CODEC = ThreadLocal.withInitial(() -> new ColumnCodec(Effort.CHEAP));

    private final LocalSeriesStore store;
    private final PointBatch batch;
    private final PackedBatch packed;
    private final SeriesLookup lookup;
    private final ByteSink columns = new ByteSink();

    PointsMutation(LocalSeriesStore store, PointBatch batch) {
        this.store = store;
        this.batch = batch;
        this.packed = new PackedBatch(batch);
        this.lookup = new SeriesLookup(store, batch, packed.indices);
        if (!packed.needsTime) {
            encode(packed.points);
        }
    }

    private void encode(PackedPoints points) {
        ColumnCodec codec = packed.rows <= MOST_KEPT ? CODEC.get() : new ColumnCodec(Effort.CHEAP);
        codec.encode(points.times(), points.tags(), points.words(), points.heap(), 0, packed.rows, columns);
    }

    @Override
    public Value stage(Staging staging) {
        if (packed.rows == 0) {
            return Value.of(0);
        }
        PackedPoints points = packed.points;
        if (packed.needsTime) {
            points = packed.timed(store.serverTime(staging.now(), packed.deepest()));
            encode(points);
        }
        int[] ids = lookup.find();
        BitSet added = unknown(ids);
        check(ids, added, points);
        store.promise(points.times(), packed.rows);
        if (!added.isEmpty()) {
            SeriesKind[] kinds = assign(ids, added, points);
            staging.log(Operations.REGISTER, registered(ids, added, kinds));
            staging.afterWrite(() -> added.stream()
                    .forEach(i -> store.register(ids[i], kinds[i], name(i), lookup.high(i), lookup.low(i))));
        }
        staging.log(
                Operations.POINTS,
                PointsOperation.encode(ids, packed.counts, packed.series, columns.array(), columns.size()));
        PointsOperation operation = new PointsOperation(ids, packed.counts, points);
        long revision = staging.revision();
        staging.afterWrite(() -> store.applyPoints(revision, operation));
        return Value.of(packed.rows);
    }

    private byte[] name(int i) {
        return batch.name(packed.indices[i]);
    }

    private static BitSet unknown(int[] ids) {
        BitSet unknown = new BitSet();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) {
                unknown.set(i);
            }
        }
        return unknown;
    }

    /** Refuses all of it where a series may not be new, or may not take what is sent. */
    private void check(int[] ids, BitSet added, PackedPoints points) {
        Map<String, Integer> ahead = new HashMap<>();
        boolean few = store.cardinality.hasRoom(added.cardinality());
        for (int i = few ? -1 : added.nextSetBit(0); i >= 0; i = added.nextSetBit(i + 1)) {
            if (!store.catalog.isAssigned(lookup.high(i), lookup.low(i))) {
                Optional<String> refusal = store.cardinality.refusal(name(i), ahead);
                if (refusal.isPresent()) {
                    throw new GoShareException(ErrorCode.SERIES_LIMIT, refusal.get(), "path", -1, null);
                }
            }
        }
        int row = 0;
        for (int i = 0; i < ids.length && store.catalog.hasSettings(); i++) {
            if (ids[i] != 0) {
                checkStrict(i, ids[i], points, row);
            }
            row += packed.counts[i];
        }
    }

    /** Gives ids to new series, and infers of which kind they are. */
    private SeriesKind[] assign(int[] ids, BitSet added, PackedPoints points) {
        SeriesKind[] kinds = new SeriesKind[ids.length];
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
            if (added.get(i)) {
                ids[i] = store.assign(name(i), lookup.high(i), lookup.low(i));
                kinds[i] = SeriesSettings.inferred(PointBatch.kind(points.tags()[row]))
                        .kind();
            }
            row += packed.counts[i];
        }
        return kinds;
    }

    private byte[] registered(int[] ids, BitSet added, SeriesKind[] kinds) {
        ByteSink out = new ByteSink(64 * added.cardinality());
        out.put(Operations.FORMAT).putVarint(added.cardinality());
        added.stream().forEach(i -> Operations.register(ids[i], kinds[i], name(i), out));
        return out.toByteArray();
    }

    private void checkStrict(int i, int id, PackedPoints points, int from) {
        Optional<Kind> strict = store.strict(id);
        for (int row = from; strict.isPresent() && row < from + packed.counts[i]; row++) {
            if (!takes(strict.get(), PointBatch.kind(points.tags()[row]))) {
                throw mismatch(packed.indices[i], strict.get());
            }
        }
    }

    static boolean takes(Kind strict, Kind kind) {
        return kind.letter() == strict.letter();
    }

    static String mismatch(PointBatch batch, int row, Kind strict) {
        return "series " + batch.key(batch.series()[row]) + " takes " + strict + " only, not "
                + PointBatch.kind(batch.tags()[row]);
    }

    /** Of the first row that a strict series does not take. */
    private GoShareException mismatch(int series, Kind strict) {
        int row = 0;
        while (batch.series()[row] != series || takes(strict, PointBatch.kind(batch.tags()[row]))) {
            row++;
        }
        return GoShareException.badRow(row + 1L, "value", "row " + (row + 1) + ": " + mismatch(batch, row, strict));
    }

    @Override
    public long bytes() {
        return packed.needsTime ? 10L * packed.rows : columns.size() + 4L * packed.series;
    }
}
