package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Fragments of up to 64 neighbouring series in one row; docs/storage-format.md, "Pages". Small ones share their
 * columns, for their times are alike.
 *
 * <pre>
 *   packed by Packing:
 *   fragments  varint    then for each, ordered by series and sequence:
 *     series   1 byte    id mod 64
 *     sequence varint    revision;  varint  row
 *     points   varint
 *     bytes    varint    of its own columns; 0: its points are the next of the shared columns
 *   shared     columns of all points of small fragments, one behind the other; none if there are none
 *   own        columns of each other fragment
 * </pre>
 */
final class PageValue {
    static final int SERIES = 64;
    /** Fragments with fewer points share their columns. */
    static final int SHARED_BELOW = 48;

    private PageValue() {}

    static byte[] encode(List<Fragment> fragments, ColumnCodec codec) {
        ByteSink directory = new ByteSink();
        ByteSink own = new ByteSink();
        directory.putVarint(fragments.size());
        List<Fragment> shared = new ArrayList<>();
        for (Fragment fragment : fragments) {
            Points points = fragment.points();
            directory.put(fragment.id() % SERIES);
            directory.putVarint(fragment.sequence().revision());
            directory.putVarint(fragment.sequence().row());
            directory.putVarint(points.count());
            int start = own.size();
            if (points.count() < SHARED_BELOW) {
                shared.add(fragment);
            } else {
                codec.encode(points.times(), points.tags(), points.words(), points.heap(), 0, points.count(), own);
            }
            directory.putVarint(own.size() - start);
        }
        if (!shared.isEmpty()) {
            encodeShared(shared, codec, directory);
        }
        directory.put(own.array(), 0, own.size());
        return Packing.pack(directory);
    }

    private static void encodeShared(List<Fragment> fragments, ColumnCodec codec, ByteSink out) {
        int n = 0;
        int bytes = 0;
        for (Fragment fragment : fragments) {
            n += fragment.points().count();
            bytes += fragment.points().heap().length;
        }
        long[] times = new long[n];
        byte[] tags = new byte[n];
        long[] words = new long[n];
        byte[] heap = new byte[bytes];
        int at = 0;
        int heapAt = 0;
        for (Fragment fragment : fragments) {
            Points points = fragment.points();
            System.arraycopy(points.heap(), 0, heap, heapAt, points.heap().length);
            for (int i = 0; i < points.count(); i++) {
                times[at] = points.times()[i];
                tags[at] = points.tags()[i];
                words[at++] = points.words()[i] + (Columns.isBytes(points.tags()[i]) ? (long) heapAt << 32 : 0);
            }
            heapAt += points.heap().length;
        }
        codec.encode(times, tags, words, heap, 0, n, out);
    }

    /** All fragments of the page of group {@code group}. */
    static List<Fragment> decode(byte[] value, long group, ChunkReader reader) {
        return decode(value, group, -1, reader);
    }

    /** The fragments of series {@code id}, or with -1 those of all. */
    static List<Fragment> decode(byte[] value, long group, int id, ChunkReader reader) {
        ByteSource in = Packing.unpack(value);
        int n = in.count(in.remaining());
        int[] ids = new int[n];
        Sequence[] sequences = new Sequence[n];
        int[] points = new int[n];
        int[] own = new int[n];
        boolean shares = false;
        boolean wanted = false;
        for (int i = 0; i < n; i++) {
            ids[i] = (int) (group * SERIES + in.get());
            sequences[i] = new Sequence(in.varint(), in.count(Integer.MAX_VALUE));
            points[i] = in.count(Integer.MAX_VALUE);
            own[i] = in.count(in.remaining());
            shares |= own[i] == 0;
            wanted |= id < 0 || ids[i] == id;
        }
        List<Fragment> found = new ArrayList<>();
        if (!wanted) {
            return found;
        }
        Points shared = shares ? reader.read(in) : Points.NONE;
        int at = 0;
        for (int i = 0; i < n; i++) {
            boolean takes = id < 0 || ids[i] == id;
            if (own[i] == 0) {
                if (takes) {
                    found.add(new Fragment(ids[i], sequences[i], shared.slice(at, at + points[i])));
                }
                at += points[i];
            } else {
                int start = in.take(own[i]);
                if (takes) {
                    Points read = reader.read(new ByteSource(in.array(), start, own[i]));
                    found.add(new Fragment(ids[i], sequences[i], read));
                }
            }
        }
        return found;
    }
}
