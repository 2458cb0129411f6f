package io.goshare.server.series;

import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Staging;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.roaringbitmap.RoaringBitmap;

/** A change of series that were found before: erase, drop or settings. */
final class IdsMutation implements Mutation {
    private final byte tag;
    private final RoaringBitmap ids;
    private final byte[] payload;
    private final ObjLongConsumer<byte[]> apply;
    private final Consumer<Staging> rows;

    /**
     * @param apply the operation as it is logged, and its revision
     * @param rows what changes beside the log
     */
    IdsMutation(byte tag, RoaringBitmap ids, byte[] payload, ObjLongConsumer<byte[]> apply, Consumer<Staging> rows) {
        this.tag = tag;
        this.ids = ids;
        this.payload = payload;
        this.apply = apply;
        this.rows = rows;
    }

    @Override
    public Value stage(Staging staging) {
        if (!ids.isEmpty()) {
            long revision = staging.revision();
            staging.log(tag, payload);
            rows.accept(staging);
            staging.afterWrite(() -> apply.accept(payload, revision));
        }
        return Value.of(ids.getLongCardinality());
    }

    @Override
    public long bytes() {
        return payload.length;
    }

    @Override
    public boolean givesSpaceBack() {
        return tag != Operations.SETTINGS;
    }
}
