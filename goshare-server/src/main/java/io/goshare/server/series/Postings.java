package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Text;
import io.goshare.server.commit.Meta;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * Ids of series by the segments and tags of their names. A value is hashed to one of 1,024 buckets, so that a tag with
 * as many values as series takes no more rows than one with a thousand; what is found is a superset, to be judged by
 * name. Safe for many threads; written by one at a time. docs/storage-format.md, "Postings"; docs/adr/0010.
 *
 * <pre>
 *   key      'T'  's' place of the segment, 63 at most (1)  bucket (2)  id / 65,536 (4)        big-endian
 *            'T'  't' name of the tag, escaped like a segment, 0x00  bucket (2)  id / 65,536 (4)
 *   value    see IdBitmap
 *   bucket   FNV-1a, 32 bits, of the escaped value: h ^ h >>> 10 ^ h >>> 20, its low 10 bits
 * </pre>
 */
final class Postings {
    static final byte SEGMENT = 's';
    static final byte TAG = 't';
    static final int BUCKETS = 1024;
    /** Deeper segments are taken as one. */
    static final int DEEPEST = 63;

    private static final String WATERMARK = "postings";

    private final StorageEngine base;
    private volatile int watermark;

    Postings(StorageEngine base) {
        this.base = base;
        this.watermark =
                Meta.read(base, WATERMARK).map(numbers -> (int) numbers[0]).orElse(0);
    }

    /** There are rows of all ids up to it that stand in blocks. */
    int watermark() {
        return watermark;
    }

    /** Notes that there are rows of all ids up to {@code id}. */
    void reached(int id) {
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        Meta.put(batch, WATERMARK, id);
        base.write(batch);
        watermark = id;
    }

    static int bucket(byte[] name, int from, int to) {
        int hash = 0x811c9dc5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ name[i] & 0xff) * 0x01000193;
        }
        return (hash ^ hash >>> 10 ^ hash >>> 20) & BUCKETS - 1;
    }

    static byte[] segmentLabel(int place) {
        return new byte[] {SEGMENT, (byte) Math.min(place, DEEPEST)};
    }

    /** @param name of the tag, escaped */
    static byte[] tagLabel(byte[] name) {
        return ByteBuffer.allocate(name.length + 2)
                .put(TAG)
                .put(name)
                .put((byte) 0)
                .array();
    }

    static byte[] key(byte[] label, int bucket, int high) {
        return ByteBuffer.allocate(label.length + 7)
                .put(Tables.POSTINGS)
                .put(label)
                .putShort((short) bucket)
                .putInt(high)
                .array();
    }

    private static byte[] prefix(byte[] label, int bucket) {
        return ByteBuffer.allocate(label.length + 3)
                .put(Tables.POSTINGS)
                .put(label)
                .putShort((short) bucket)
                .array();
    }

    /** Ids that may bear all of {@code parts}, and all that do up to the watermark. */
    RoaringBitmap find(List<NamePart> parts) {
        List<RoaringBitmap> found = new ArrayList<>();
        for (NamePart part : parts) {
            found.add(find(part));
        }
        found.sort(Comparator.comparingLong(RoaringBitmap::getLongCardinality));
        RoaringBitmap all = found.get(0);
        for (RoaringBitmap other : found.subList(1, found.size())) {
            all.and(other);
        }
        return all;
    }

    private RoaringBitmap find(NamePart part) {
        RoaringBitmap ids = new RoaringBitmap();
        int[] buckets = part.values().stream()
                .mapToInt(value -> {
                    byte[] escaped = escaped(value);
                    return bucket(escaped, 0, escaped.length);
                })
                .distinct()
                .toArray();
        if (!part.tag().isEmpty()) {
            collect(tagLabel(escaped(part.tag())), buckets, ids);
        } else if (!part.orLater()) {
            collect(segmentLabel(part.place()), buckets, ids);
        } else {
            for (int place = nextPlace(part.place()); place <= DEEPEST; place = nextPlace(place + 1)) {
                collect(segmentLabel(place), buckets, ids);
            }
        }
        return ids;
    }

    /** The least place from {@code place} on that some series has a segment at; above {@link #DEEPEST} without one. */
    private int nextPlace(int place) {
        int[] next = {DEEPEST + 1};
        byte[] end = {Tables.POSTINGS, SEGMENT, DEEPEST + 1};
        byte[] from = {Tables.POSTINGS, SEGMENT, (byte) Math.min(place, DEEPEST + 1)};
        base.scan(null, from, end, (key, value) -> {
            next[0] = key[2];
            return false;
        });
        return next[0];
    }

    private void collect(byte[] label, int[] buckets, RoaringBitmap ids) {
        for (int bucket : buckets) {
            byte[] prefix = prefix(label, bucket);
            base.scan(null, prefix, Tables.behind(prefix), (key, value) -> {
                IdBitmap.decodeInto(value, ByteBuffer.wrap(key).getInt(prefix.length), ids);
                return true;
            });
        }
    }

    private static byte[] escaped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Path.encodeSegment(Text.encode(text), out);
        return out.toByteArray();
    }
}
