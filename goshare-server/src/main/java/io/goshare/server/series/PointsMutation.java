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
        int added = 0;
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
            int id = store.find(hashes[2 * i], hashes[2 * i + 1]);
            if (id == 0) {
                id = store.assign(hashes[2 * i], hashes[2 * i + 1]);
                Kind first = PointBatch.kind(points.tags()[row]);
                SeriesKind kind = SeriesSettings.inferred(first).kind();
                Operations.register(id, kind, batch.name(packed.indices[i]), registered);
                added++;
            } else {
                checkStrict(i, id, points, row);
            }
            ids[i] = id;
            row += packed.counts[i];
        }
        return added;
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
