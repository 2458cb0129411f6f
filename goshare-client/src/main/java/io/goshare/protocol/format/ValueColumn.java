package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values that wait until it is known which points they belong to. For one thread. */
final class ValueColumn {
    private static final byte NOTHING = (byte) 0xff;

    private int size;
    private byte[] tags = new byte[16];
    private long[] words = new long[16];
    private final ByteSink heap = new ByteSink();

    void clear() {
        size = 0;
        heap.truncate(0);
    }

    int size() {
        return size;
    }

    private void put(byte tag, long word) {
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, size * 2);
            words = Arrays.copyOf(words, size * 2);
        }
        tags[size] = tag;
        words[size++] = word;
    }

    void addNothing() {
        put(NOTHING, 0);
    }

    void add(Kind kind, int scale, long word) {
        put(PointBatch.tag(kind, scale), word);
    }

    void add(NumberText number) {
        add(number.kind, number.scale, number.word);
    }

    void add(Kind kind, byte[] bytes, int offset, int length) {
        put(PointBatch.tag(kind, 0), (long) heap.size() << 32 | length);
        heap.put(bytes, offset, length);
    }

    /** Adds the last value of {@code other}, or nothing where it has none. */
    void addFrom(ValueColumn other) {
        int last = other.size - 1;
        if (last < 0 || other.isNothing(last)) {
            addNothing();
            return;
        }
        Kind kind = PointBatch.kind(other.tags[last]);
        long word = other.words[last];
        if (kind.isBytes()) {
            add(kind, other.heap.array(), (int) (word >>> 32), (int) word);
        } else {
            put(other.tags[last], word);
        }
    }

    boolean isNothing(int row) {
        return tags[row] == NOTHING;
    }

    /** Adds value {@code row}, which is one, to {@code sink}. */
    void send(int row, int series, long time, PointSink sink) {
        Kind kind = PointBatch.kind(tags[row]);
        long word = words[row];
        if (kind.isBytes()) {
            sink.add(series, time, kind, heap.array(), (int) (word >>> 32), (int) word);
        } else {
            sink.add(series, time, kind, PointBatch.scale(tags[row]), word);
        }
    }

    /** Value {@code row} as an object; null where there is nothing. */
    @Nullable
    Value value(int row) {
        if (isNothing(row)) {
            return null;
        }
        Kind kind = PointBatch.kind(tags[row]);
        if (!kind.isBytes()) {
            return Value.fromColumns(kind, PointBatch.scale(tags[row]), words[row], new byte[0]);
        }
        int offset = (int) (words[row] >>> 32);
        return Value.fromColumns(kind, 0, 0, Arrays.copyOfRange(heap.array(), offset, offset + (int) words[row]));
    }
}
