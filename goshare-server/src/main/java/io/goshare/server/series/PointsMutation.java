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
import java.util.Optional;

/** Adds points. Packed where it is made, off the commit thread, which only looks up series and hands on the bytes. */
final class PointsMutation implements Mutation {
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
        ColumnCodec codec = new ColumnCodec(Effort.CHEAP);
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
        check(ids, points);
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

    private void check(int[] ids, PackedPoints points) {
        if (!store.catalog.hasSettings()) {
            return;
        }
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
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
                ids[i] = store.assign(lookup.high(i), lookup.low(i));
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
            Kind kind = PointBatch.kind(points.tags()[row]);
            if (kind.letter() != strict.get().letter()) {
                throw new GoShareException(
                        ErrorCode.INVALID_ROWS,
                        "series " + batch.key(packed.indices[i]) + " takes " + strict.get() + " only, not " + kind,
                        "value",
                        -1,
                        null);
            }
        }
    }

    @Override
    public long bytes() {
        return packed.needsTime ? 10L * packed.rows : columns.size() + 4L * packed.series;
    }
}
