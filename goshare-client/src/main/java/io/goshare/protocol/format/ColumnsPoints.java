package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.CorruptColumnException;
import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.column.PointColumns;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Points as the SDK sends them: columns, bit-packed by the codecs of the store itself. Series whose names differ in the
 * path's last segment alone and that have the same times (the fields of a row) share one group. For one thread.
 *
 * <pre>
 *   magic    "GSC" and 1, the version
 *   groups, until the end:
 *     flags   1 byte    1: the times of the group before
 *     fields  varint    series of the group, at least 1
 *     prefix  varint length, bytes: what their encoded names begin with
 *     suffix  varint length, bytes: what they end with
 *     times   unless flag 1: see ColumnCodec, encodeTimes
 *     for each field:
 *       name    varint length, bytes: what stands between prefix and suffix
 *       values  see ColumnCodec, encodeValues
 * </pre>
 *
 * Times are nanoseconds since 1970; the least int64 leaves the time to the server.
 */
final class ColumnsPoints {
    private static final byte[] MAGIC = {'G', 'S', 'C', 1};
    private static final int SAME_TIMES = 1;
    private static final long LONG_MANTISSA = 1_000_000_000_000_000L;

    private final PointSink sink;
    private final ByteSource in;
    private final ByteSink name = new ByteSink();
    private final ColumnCodec codec = new ColumnCodec(Effort.CHEAP);
    private final PointColumns columns;

    private ColumnsPoints(PointSink sink, ByteSource in) {
        this.sink = sink;
        this.in = in;
        this.columns = new PointColumns(sink.options().maxPoints(), PointSink.MAX_TEXT_BYTES);
    }

    static PointsRead read(byte[] bytes, int offset, int length, PointOptions options) {
        if (length < MAGIC.length || !Arrays.equals(MAGIC, 0, 4, bytes, offset, offset + 4)) {
            throw refused("it does not begin with GSC and version 1");
        }
        PointSink sink = new PointSink(options, Math.min(length, 4096));
        ByteSource in = new ByteSource(bytes, offset + MAGIC.length, length - MAGIC.length);
        try {
            new ColumnsPoints(sink, in).read();
        } catch (CorruptColumnException e) {
            throw refused(e.getMessage());
        }
        return sink.finish();
    }

    private static GoShareException refused(@Nullable String why) {
        return new GoShareException(ErrorCode.BAD_REQUEST, "this is no body of columns: " + why);
    }

    private void read() {
        boolean first = true;
        while (in.remaining() > 0) {
            int flags = in.get();
            if ((flags & ~SAME_TIMES) != 0 || first && flags != 0) {
                throw new CorruptColumnException("unknown flags " + flags);
            }
            group(flags);
            first = false;
        }
    }

    private void group(int flags) {
        int fields = in.count(in.remaining());
        int prefixLength = in.count(in.remaining());
        int prefix = in.take(prefixLength);
        int suffixLength = in.count(in.remaining());
        int suffix = in.take(suffixLength);
        if ((flags & SAME_TIMES) == 0) {
            codec.decodeTimes(in, columns);
        }
        name.truncate(0).put(in.array(), prefix, prefixLength);
        for (int i = 0; i < fields; i++) {
            int fieldLength = in.count(in.remaining());
            name.truncate(prefixLength)
                    .put(in.array(), in.take(fieldLength), fieldLength)
                    .put(in.array(), suffix, suffixLength);
            codec.decodeValues(in, columns);
            send();
        }
    }

    private void send() {
        int series;
        sink.nextRow();
        try {
            series = series();
        } catch (GoShareException e) {
            sink.reject(e);
            return;
        }
        if (checkNumbers()) {
            sink.add(series, columns.count(), columns.times(), columns.tags(), columns.words());
        } else {
            addEach(series);
        }
        sink.within(0);
        for (int i = 1; i < columns.count(); i++) {
            sink.nextRow();
        }
    }

    /** Refuses decimals that are no float64; false where some value is text or bytes. */
    private boolean checkNumbers() {
        boolean areNumbers = true;
        for (int i = 0; i < columns.count(); i++) {
            Kind kind = PointBatch.kind(columns.tags()[i]);
            long word = columns.words()[i];
            boolean longMantissa = word >= LONG_MANTISSA || word <= -LONG_MANTISSA;
            if (longMantissa && kind == Kind.DECIMAL && !Value.isExact(word, PointBatch.scale(columns.tags()[i]))) {
                sink.within(i);
                throw sink.bad("value", "has more digits than a float64");
            }
            areNumbers &= !kind.isBytes();
        }
        return areNumbers;
    }

    private void addEach(int series) {
        for (int i = 0; i < columns.count(); i++) {
            Kind kind = PointBatch.kind(columns.tags()[i]);
            long word = columns.words()[i];
            sink.within(i);
            if (kind.isBytes()) {
                sink.add(series, columns.times()[i], kind, columns.heap(), (int) (word >>> 32), (int) word);
            } else {
                sink.add(series, columns.times()[i], kind, PointBatch.scale(columns.tags()[i]), word);
            }
        }
    }

    private int series() {
        int known = sink.known.find(name.array(), 0, name.size());
        if (known >= 0) {
            return sink.index(known);
        }
        try {
            byte[] encoded = name.toByteArray();
            EncodedNames.check(encoded);
            return sink.index(sink.known.number(encoded));
        } catch (IllegalArgumentException e) {
            throw sink.bad("path", e.getMessage());
        }
    }

    static void write(PointBatch batch, ByteSink out) {
        out.put(MAGIC);
        new Writer(batch, out).write();
    }

    /** Writes a batch series by series. */
    private static final class Writer {
        private final PointBatch batch;
        private final ByteSink out;
        private final ColumnCodec codec = new ColumnCodec(Effort.CHEAP);
        private final long[] times;
        private final byte[] tags;
        private final long[] words;
        private final SeriesOrder order;

        Writer(PointBatch batch, ByteSink out) {
            this.batch = batch;
            this.out = out;
            this.order = new SeriesOrder(batch);
            this.times = new long[batch.rows()];
            this.tags = new byte[batch.rows()];
            this.words = new long[batch.rows()];
            for (int at = 0; at < times.length; at++) {
                int row = order.row(at);
                times[at] = batch.times()[row];
                tags[at] = batch.tags()[row];
                words[at] = batch.words()[row];
            }
        }

        void write() {
            int before = -1;
            for (int first = 0; first < batch.seriesCount(); ) {
                if (order.from(first) == order.to(first)) {
                    first++;
                    continue;
                }
                int next = first + 1;
                while (next < batch.seriesCount() && sameTimes(first, next) && sameRow(first, next)) {
                    next++;
                }
                group(first, next, before >= 0 && sameTimes(before, first));
                before = first;
                first = next;
            }
        }

        private boolean sameTimes(int one, int other) {
            return Arrays.equals(times, order.from(one), order.to(one), times, order.from(other), order.to(other));
        }

        private boolean sameRow(int one, int other) {
            byte[] a = batch.name(one);
            byte[] b = batch.name(other);
            int endOfA = EncodedNames.pathEnd(a) - 2;
            int endOfB = EncodedNames.pathEnd(b) - 2;
            int startOfA = EncodedNames.lastSegment(a, endOfA + 2);
            return startOfA == EncodedNames.lastSegment(b, endOfB + 2)
                    && Arrays.equals(a, 0, startOfA, b, 0, startOfA)
                    && Arrays.equals(a, endOfA, a.length, b, endOfB, b.length);
        }

        private void group(int first, int next, boolean sameTimes) {
            byte[] name = batch.name(first);
            boolean alone = next == first + 1;
            int suffix = alone ? name.length : EncodedNames.pathEnd(name) - 2;
            int prefix = alone ? name.length : EncodedNames.lastSegment(name, suffix + 2);
            out.put(sameTimes ? SAME_TIMES : 0).putVarint(next - first);
            out.putVarint(prefix).put(name, 0, prefix);
            out.putVarint(name.length - suffix).put(name, suffix, name.length - suffix);
            if (!sameTimes) {
                codec.encodeTimes(times, order.from(first), order.to(first), out);
            }
            for (int i = first; i < next; i++) {
                byte[] own = batch.name(i);
                int field = own.length - (name.length - suffix) - prefix;
                out.putVarint(field).put(own, prefix, field);
                codec.encodeValues(tags, words, batch.heap(), order.from(i), order.to(i), out);
            }
        }
    }
}
