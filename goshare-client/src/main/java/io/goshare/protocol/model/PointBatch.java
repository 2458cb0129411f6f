package io.goshare.protocol.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Points as columns: what every format parses into and every raw result is. Row {@code i} is the point of series
 * {@code series[i]} at {@code times[i]}; its value stands in two columns:
 *
 * <pre>
 *   tags[i]   byte   kind in the low 3 bits ({@link Kind#code}), scale of a decimal in the high 5
 *   words[i]  long   the word of {@link Value}; for text and bytes offset in {@code heap} &lt;&lt; 32 | length
 * </pre>
 *
 * Rows stand in the order they were sent: for one series and time the later row wins. Series are listed once, by the
 * encoding of their {@link SeriesKey}. Built by {@link Builder}; read-only afterwards, then safe for many threads.
 */
public final class PointBatch {
    /** The time of a row whose sender left the time to the server. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private final SeriesName[] names;
    private final int rows;
    private final int[] series;
    private final long[] times;
    private final byte[] tags;
    private final long[] words;
    private final byte[] heap;

    private PointBatch(Builder from) {
        this.names = from.names.toArray(new SeriesName[0]);
        this.rows = from.rows;
        this.series = from.series;
        this.times = from.times;
        this.tags = from.tags;
        this.words = from.words;
        this.heap = from.heap;
    }

    public int rows() {
        return rows;
    }

    public int seriesCount() {
        return names.length;
    }

    /** The encoded {@link SeriesKey} of series {@code index}; not to be changed. */
    public byte[] name(int index) {
        return names[index].encoded();
    }

    /** The same as the object that came with it. */
    public SeriesName seriesName(int index) {
        return names[index];
    }

    public SeriesKey key(int index) {
        return SeriesKey.decode(names[index].encoded());
    }

    /** Column of indices into the series list; entries past {@link #rows} mean nothing, here and below. */
    public int[] series() {
        return series;
    }

    /** Column of nanoseconds since 1970, or {@link #NO_TIME}. */
    public long[] times() {
        return times;
    }

    public byte[] tags() {
        return tags;
    }

    public long[] words() {
        return words;
    }

    /** Bytes of all text and bytes values. */
    public byte[] heap() {
        return heap;
    }

    public static byte tag(Kind kind, int scale) {
        return (byte) (kind.code() | scale << 3);
    }

    public static Kind kind(byte tag) {
        return Kind.of(tag & 7);
    }

    public static int scale(byte tag) {
        return (tag & 0xff) >>> 3;
    }

    /** The value of row {@code row}, as an object: not for hot paths. */
    public Value value(int row) {
        Kind kind = kind(tags[row]);
        if (kind.isBytes()) {
            int offset = (int) (words[row] >>> 32);
            return Value.fromColumns(kind, 0, 0, Arrays.copyOfRange(heap, offset, offset + (int) words[row]));
        }
        return Value.fromColumns(kind, scale(tags[row]), words[row], new byte[0]);
    }

    /** Collects rows; for one thread. */
    public static final class Builder {
        private static final byte[] NO_BYTES = {};

        private final List<SeriesName> names = new ArrayList<>();
        private int[] slots = new int[16];
        private int rows;
        private int[] series;
        private long[] times;
        private byte[] tags;
        private long[] words;
        private byte[] heap = NO_BYTES;
        private int heapEnd;

        public Builder() {
            this(16);
        }

        /** Room for {@code rows} rows at first. */
        public Builder(int rows) {
            int room = Math.max(rows, 1);
            series = new int[room];
            times = new long[room];
            tags = new byte[room];
            words = new long[room];
        }

        public int rows() {
            return rows;
        }

        public int seriesCount() {
            return names.size();
        }

        /** The index of the series with this encoded name, which is added if it is new. */
        public int series(byte[] encodedName) {
            int hash = hash(encodedName);
            int mask = slots.length - 1;
            int at = hash & mask;
            while (slots[at] != 0) {
                if (Arrays.equals(names.get(slots[at] - 1).encoded(), encodedName)) {
                    return slots[at] - 1;
                }
                at = at + 1 & mask;
            }
            names.add(new SeriesName(encodedName));
            slots[at] = names.size();
            if (names.size() * 2 > slots.length) {
                grow();
            }
            return names.size() - 1;
        }

        private static int hash(byte[] name) {
            int hash = Arrays.hashCode(name) * 0x9E3779B1;
            return hash ^ hash >>> 15;
        }

        private void grow() {
            slots = new int[slots.length * 4];
            int mask = slots.length - 1;
            for (int i = 0; i < names.size(); i++) {
                int at = hash(names.get(i).encoded()) & mask;
                while (slots[at] != 0) {
                    at = at + 1 & mask;
                }
                slots[at] = i + 1;
            }
        }

        public int series(SeriesKey key) {
            return series(key.encoded());
        }

        /**
         * Adds a series that the batch does not have yet, and returns its index. Who uses this knows all series of the
         * batch himself and does not use {@link #series(byte[])}.
         */
        public int add(SeriesName name) {
            names.add(name);
            return names.size() - 1;
        }

        /** Sets the time of all rows from {@code firstRow} on. */
        public void time(int firstRow, long time) {
            Arrays.fill(times, firstRow, rows, time);
        }

        /** Takes back all rows behind the first {@code count}. */
        public void truncate(int count) {
            rows = count;
        }

        /** Adds a number or boolean: {@code word} and {@code scale} as in {@link Value}. */
        public Builder add(int seriesIndex, long time, Kind kind, int scale, long word) {
            int row = row(seriesIndex, time);
            tags[row] = tag(kind, scale);
            words[row] = word;
            return this;
        }

        /** Adds the first {@code count} rows of columns that hold numbers and booleans only. */
        public Builder add(int seriesIndex, int count, long[] newTimes, byte[] newTags, long[] newWords) {
            room(count);
            Arrays.fill(series, rows, rows + count, seriesIndex);
            System.arraycopy(newTimes, 0, times, rows, count);
            System.arraycopy(newTags, 0, tags, rows, count);
            System.arraycopy(newWords, 0, words, rows, count);
            rows += count;
            return this;
        }

        /** Adds text or bytes. */
        public Builder add(int seriesIndex, long time, Kind kind, byte[] bytes, int offset, int length) {
            int row = row(seriesIndex, time);
            tags[row] = tag(kind, 0);
            if (heapEnd + length > heap.length) {
                heap = Arrays.copyOf(heap, Math.max(heapEnd + length, heap.length * 2));
            }
            System.arraycopy(bytes, offset, heap, heapEnd, length);
            words[row] = (long) heapEnd << 32 | length;
            heapEnd += length;
            return this;
        }

        public Builder add(int seriesIndex, long time, Value value) {
            return value.kind().isBytes()
                    ? add(seriesIndex, time, value.kind(), value.bytes(), 0, value.bytes().length)
                    : add(seriesIndex, time, value.kind(), value.scale(), value.word());
        }

        public Builder add(SeriesKey key, long time, Value value) {
            return add(series(key), time, value);
        }

        private int row(int seriesIndex, long time) {
            room(1);
            series[rows] = seriesIndex;
            times[rows] = time;
            return rows++;
        }

        private void room(int more) {
            if (more > times.length - rows) {
                int room = Math.max(rows + more, rows * 2);
                series = Arrays.copyOf(series, room);
                times = Arrays.copyOf(times, room);
                tags = Arrays.copyOf(tags, room);
                words = Arrays.copyOf(words, room);
            }
        }

        /** The batch; the builder is not to be used afterwards. */
        public PointBatch build() {
            return new PointBatch(this);
        }
    }
}
