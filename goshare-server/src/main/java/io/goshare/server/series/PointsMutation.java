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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Adds points. Packed where it is made, off the commit thread, which only looks up series and hands on the bytes. */
final class PointsMutation implements Mutation {
    private final LocalSeriesStore store;
    private final PointBatch batch;
    private final PackedBatch packed;
    private final long[] hashes;
    private final ByteSink columns = new ByteSink();

    PointsMutation(LocalSeriesStore store, PointBatch batch) {
        this.store = store;
        this.batch = batch;
        this.packed = new PackedBatch(batch);
        this.hashes = new long[2 * packed.series];
        NameHash hash = store.newHash();
        for (int i = 0; i < packed.series; i++) {
            hash.of(batch.name(packed.indices[i]));
            hashes[2 * i] = hash.high;
            hashes[2 * i + 1] = hash.low;
        }
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
        int[] ids = new int[packed.series];
        ByteSink registered = new ByteSink();
        int added = lookUp(ids, points, registered);
        store.promise(points.times(), packed.rows);
        if (added > 0) {
            ByteSink register = new ByteSink(registered.size() + 8);
            register.put(Operations.FORMAT).putVarint(added).put(registered.array(), 0, registered.size());
            byte[] payload = register.toByteArray();
            staging.log(Operations.REGISTER, payload);
            staging.afterWrite(() -> store.applyRegister(payload));
        }
        staging.log(
                Operations.POINTS,
                PointsOperation.encode(ids, packed.counts, packed.series, columns.array(), columns.size()));
        PointsOperation operation = new PointsOperation(ids, packed.counts, points);
        long revision = staging.revision();
        staging.afterWrite(() -> store.applyPoints(revision, operation));
        return Value.of(packed.rows);
    }

    /** Fills {@code ids}, and writes those that are new to {@code registered}; how many these are. */
    private int lookUp(int[] ids, PackedPoints points, ByteSink registered) {
        Map<String, Integer> ahead = new HashMap<>();
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
            ids[i] = store.find(hashes[2 * i], hashes[2 * i + 1]);
            if (ids[i] != 0) {
                checkStrict(i, ids[i], points, row);
            } else if (!store.isAssigned(hashes[2 * i], hashes[2 * i + 1])) {
                Optional<String> refusal = store.cardinality.refusal(batch.name(packed.indices[i]), ahead);
                if (refusal.isPresent()) {
                    throw new GoShareException(ErrorCode.SERIES_LIMIT, refusal.get(), "path", -1, null);
                }
            }
            row += packed.counts[i];
        }
        int added = 0;
        row = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) {
                byte[] name = batch.name(packed.indices[i]);
                ids[i] = store.assign(name, hashes[2 * i], hashes[2 * i + 1]);
                Kind first = PointBatch.kind(points.tags()[row]);
                SeriesKind kind = SeriesSettings.inferred(first).kind();
                Operations.register(ids[i], kind, name, registered);
                added++;
            }
            row += packed.counts[i];
        }
        return added;
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
