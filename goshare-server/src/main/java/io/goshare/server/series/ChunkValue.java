package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.CorruptColumnException;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;

/**
 * Points of one series as they stand on the disk; docs/storage-format.md, "Chunks".
 *
 * <pre>
 *   format     1 byte    1
 *   length     varint    bytes of the header that follow: a reader steps over what it does not know
 *   sequence   varint    revision;  varint  row
 *   count      varint    points
 *   span       1 byte    decimal zeros taken off;  varint  (last time - first time) / 10^zeros, unsigned
 *   summary    see ChunkSummary
 *   columns    see ColumnCodec in goshare-client
 * </pre>
 */
record ChunkValue(Sequence sequence, int count, long last, int summaryAt, int columnsAt) {
    private static final int FORMAT = 1;
    private static final int MAX_ZEROS = 9;

    static byte[] encode(Points points, Sequence sequence, ColumnCodec codec) {
        int n = points.count();
        ByteSink header = new ByteSink(128);
        header.putVarint(sequence.revision()).putVarint(sequence.row()).putVarint(n);
        long span = points.times()[n - 1] - points.times()[0];
        int zeros = span == 0 ? 0 : MAX_ZEROS;
        while (Long.remainderUnsigned(span, Value.powerOfTen(zeros)) != 0) {
            zeros--;
        }
        header.put(zeros).putVarint(Long.divideUnsigned(span, Value.powerOfTen(zeros)));
        ChunkSummary.write(points, header);
        ByteSink out = new ByteSink(header.size() + n);
        out.put(FORMAT).putVarint(header.size()).put(header.array(), 0, header.size());
        codec.encode(points.times(), points.tags(), points.words(), points.heap(), 0, n, out);
        return out.toByteArray();
    }

    /** Reads the header of a chunk whose first time its key tells. */
    static ChunkValue header(byte[] value, long first) {
        ByteSource in = new ByteSource(value, 0, value.length);
        int format = in.get();
        if (format != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED, "a chunk is of format " + format + ", not " + FORMAT);
        }
        int length = in.count(value.length);
        int end = in.position() + length;
        Sequence sequence = new Sequence(in.varint(), in.count(Integer.MAX_VALUE));
        int count = in.count(Integer.MAX_VALUE);
        int zeros = in.get();
        if (zeros > MAX_ZEROS) {
            throw new CorruptColumnException("a span of " + zeros + " zeros");
        }
        long last = first + in.varint() * Value.powerOfTen(zeros);
        return new ChunkValue(sequence, count, last, in.position(), end);
    }

    static Points decode(byte[] value, long first, ChunkReader reader) {
        int at = header(value, first).columnsAt;
        return reader.read(new ByteSource(value, at, value.length - at));
    }

    /** What the header of a chunk tells about its values. */
    ChunkSummary summary(byte[] value, long first) {
        return ChunkSummary.read(new ByteSource(value, summaryAt, columnsAt - summaryAt), count, first, last);
    }
}
