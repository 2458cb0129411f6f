package io.goshare.server.series;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesName;

/**
 * Ids of the series of a batch. A name that was looked up before bears a note of its id; only the others are hashed,
 * off the commit thread. For one thread at a time.
 */
final class SeriesLookup {
    private static final long[] NONE = {};

    /** What is noted on a name: an id, as good as long as the catalog takes points for it. */
    private record Note(Catalog catalog, int id) {}

    private final Catalog catalog;
    private final NameHash hash;
    private final SeriesName[] names;
    private final int[] ids;
    private long[] hashes = NONE;

    /** Looks at the series of {@code batch} with these indices. */
    SeriesLookup(LocalSeriesStore store, PointBatch batch, int[] indices) {
        this.catalog = store.catalog;
        this.hash = store.newHash();
        this.names = new SeriesName[indices.length];
        this.ids = new int[indices.length];
        for (int i = 0; i < ids.length; i++) {
            names[i] = batch.seriesName(indices[i]);
            if (names[i].note() instanceof Note note && note.catalog == catalog) {
                ids[i] = note.id;
            }
        }
        catalog.keepLive(ids);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) {
                hash(i);
            }
        }
    }

    private void hash(int i) {
        if (hashes.length == 0) {
            hashes = new long[2 * ids.length];
        }
        if (hashes[2 * i] == 0 && hashes[2 * i + 1] == 0) {
            hash.of(names[i].encoded());
            hashes[2 * i] = hash.high;
            hashes[2 * i + 1] = hash.low;
        }
    }

    /** The ids of now, 0 where no live series has the name. Commit thread, once; the caller may change the array. */
    int[] find() {
        catalog.keepLive(ids);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) {
                hash(i);
                ids[i] = catalog.find(hashes[2 * i], hashes[2 * i + 1]);
                if (ids[i] != 0) {
                    names[i].note(new Note(catalog, ids[i]));
                }
            }
        }
        return ids;
    }

    /** Halves of the hash of a name that {@link #find} did not find. */
    long high(int i) {
        return hashes[2 * i];
    }

    long low(int i) {
        return hashes[2 * i + 1];
    }
}
