package io.goshare.server.series;

import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Writes postings of many series, each row once: the ids are gathered by label and bucket, 65,536 at a time. May be
 * repeated. For one thread.
 */
final class PostingsWriter {
    private static final long BATCH_BYTES = 1 << 20;
    private static final char[] NONE = {};
    /** Names of tags gathered at once; each takes 12 KiB. */
    private static final int MOST_TAGS = 1000;

    /** Low bits of the ids gathered for a place or tag, by bucket. */
    private static final class Label {
        final byte[] key;
        final char[][] ids = new char[Postings.BUCKETS][];
        final int[] counts = new int[Postings.BUCKETS];

        Label(byte[] key) {
            this.key = key;
            Arrays.fill(ids, NONE);
        }

        void add(int bucket, int id) {
            int n = counts[bucket];
            if (n == ids[bucket].length) {
                ids[bucket] = Arrays.copyOf(ids[bucket], Math.max(4, n * 2));
            }
            ids[bucket][n] = (char) id;
            counts[bucket] = n + 1;
        }

        RoaringBitmap take(int bucket) {
            RoaringBitmap low = new RoaringBitmap();
            for (int i = 0; i < counts[bucket]; i++) {
                low.add(ids[bucket][i]);
            }
            counts[bucket] = 0;
            ids[bucket] = NONE;
            return low;
        }
    }

    private final StorageEngine base;
    private final boolean removing;
    /** Rows of ids above have not been written, or will be written again in full. */
    private final int written;

    private final @Nullable Label[] segments = new Label[Postings.DEEPEST + 1];
    private final Map<ByteBuffer, Label> tags = new HashMap<>();
    private int high = -1;
    /** Whether rows of {@link #high} may stand there that are to be added to. */
    private boolean standing;

    private WriteBatch batch = new WriteBatch().givingSpaceBack();

    private PostingsWriter(StorageEngine base, int written, boolean removing) {
        this.base = base;
        this.written = written;
        this.removing = removing;
    }

    /** One that adds series. */
    static PostingsWriter adding(StorageEngine base, int watermark) {
        return new PostingsWriter(base, watermark, false);
    }

    /** One that takes dropped series away. */
    static PostingsWriter removing(StorageEngine base) {
        return new PostingsWriter(base, Integer.MAX_VALUE, true);
    }

    /** Takes a series; best in the order of ids. */
    void series(int id, byte[] name) {
        int next = id >>> IdBitmap.HIGH_BITS;
        if (next != high || tags.size() > MOST_TAGS) {
            flush();
            standing = next <= high || next <= written >>> IdBitmap.HIGH_BITS;
            high = next;
        }
        int at = 0;
        for (int place = 0; name[at] != 0; place++) {
            int end = end(name, at);
            segment(place).add(Postings.bucket(name, at, end), id);
            at = end + 1;
        }
        at++;
        while (at < name.length) {
            int tagEnd = end(name, at);
            int end = end(name, tagEnd + 1);
            tag(name, at, tagEnd).add(Postings.bucket(name, tagEnd + 1, end), id);
            at = end + 1;
        }
    }

    private static int end(byte[] name, int from) {
        int end = from;
        while (name[end] != 0) {
            end++;
        }
        return end;
    }

    private Label segment(int place) {
        int index = Math.min(place, Postings.DEEPEST);
        Label label = segments[index];
        if (label == null) {
            label = new Label(Postings.segmentLabel(place));
            segments[index] = label;
        }
        return label;
    }

    private Label tag(byte[] name, int from, int to) {
        Label known = tags.get(ByteBuffer.wrap(name, from, to - from));
        if (known == null) {
            byte[] tag = Arrays.copyOfRange(name, from, to);
            known = new Label(Postings.tagLabel(tag));
            tags.put(ByteBuffer.wrap(tag), known);
        }
        return known;
    }

    private void flush() {
        for (Label label : segments) {
            if (label != null) {
                flush(label);
            }
        }
        tags.values().forEach(this::flush);
        tags.clear();
        write();
    }

    private void flush(Label label) {
        for (int bucket = 0; bucket < Postings.BUCKETS; bucket++) {
            if (label.counts[bucket] > 0) {
                put(Postings.key(label.key, bucket, high), label.take(bucket));
                if (batch.bytes() > BATCH_BYTES) {
                    write();
                }
            }
        }
    }

    private void put(byte[] key, RoaringBitmap ids) {
        RoaringBitmap row =
                standing ? base.get(key).map(IdBitmap::decode).orElseGet(RoaringBitmap::new) : new RoaringBitmap();
        if (removing) {
            row.andNot(ids);
        } else {
            row.or(ids);
        }
        if (row.isEmpty()) {
            batch.delete(key);
        } else {
            batch.put(key, IdBitmap.encode(row));
        }
    }

    /** Writes what is left. */
    void finish() {
        flush();
    }

    private void write() {
        base.write(batch);
        batch = new WriteBatch().givingSpaceBack();
    }
}
