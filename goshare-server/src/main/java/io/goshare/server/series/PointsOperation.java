package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.IntegerCodec;
import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.column.PointColumns;

/**
 * Points in the log: the request's columns, rows of a series together; docs/storage-format.md, "Log".
 *
 * <pre>
 *   'p' points
 *     format   1 byte    1
 *     replaced 1 byte    0; 1 is kept for: a column of the values that states had before
 *     series   varint    how many;  integer columns: their ids, points of each
 *     columns  of all points, see ColumnCodec
 * </pre>
 *
 * A point's row, the second half of its sequence, is its place in these columns.
 */
record PointsOperation(int[] ids, int[] counts, PackedPoints points) {
    private static final int MAX_POINTS = 1 << 26;

    static byte[] encode(int[] ids, int[] counts, int series, byte[] columns, int length) {
        IntegerCodec integers = new IntegerCodec();
        ByteSink out = new ByteSink(length + 4 * series + 16);
        out.put(Operations.FORMAT).put(0).putVarint(series);
        integers.encode(widened(ids, series), 0, series, Effort.CHEAP, out);
        integers.encode(widened(counts, series), 0, series, Effort.CHEAP, out);
        return out.put(columns, 0, length).toByteArray();
    }

    private static long[] widened(int[] ints, int count) {
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = ints[i];
        }
        return longs;
    }

    static PointsOperation decode(byte[] payload) {
        ByteSource in = Operations.open(payload);
        in.get();
        int series = in.count(MAX_POINTS);
        return decodeRest(in, narrowed(in, series, new IntegerCodec()));
    }

    /** What follows the ids. */
    private static PointsOperation decodeRest(ByteSource in, int[] ids) {
        int[] counts = narrowed(in, ids.length, new IntegerCodec());
        PointColumns columns = new PointColumns(MAX_POINTS, 1 << 30);
        new ColumnCodec().decode(in, columns);
        in.expectEnd();
        return new PointsOperation(
                ids, counts, new PackedPoints(columns.times(), columns.tags(), columns.words(), columns.heap()));
    }

    /** Hands over the points of the series that {@code reader} wants; if it wants none, columns are not decoded. */
    static void read(byte[] payload, LoggedSeries reader) {
        ByteSource in = Operations.open(payload);
        in.get();
        int series = in.count(MAX_POINTS);
        int[] ids = narrowed(in, series, new IntegerCodec());
        boolean wanted = false;
        for (int i = 0; i < ids.length && !wanted; i++) {
            wanted = reader.wants(ids[i]);
        }
        if (!wanted) {
            return;
        }
        PointsOperation operation = decodeRest(in, ids);
        PackedPoints packed = operation.points;
        int rows = 0;
        for (int count : operation.counts) {
            rows += count;
        }
        Points all = new Points(rows, packed.times(), packed.tags(), packed.words(), packed.heap());
        int row = 0;
        for (int i = 0; i < ids.length; i++) {
            int end = row + operation.counts[i];
            if (reader.wants(ids[i])) {
                reader.points(ids[i], all.slice(row, end));
            }
            row = end;
        }
    }

    private static int[] narrowed(ByteSource in, int count, IntegerCodec integers) {
        long[] longs = new long[count];
        integers.decode(in, count, longs, 0);
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
            ints[i] = Math.toIntExact(longs[i]);
        }
        return ints;
    }
}
