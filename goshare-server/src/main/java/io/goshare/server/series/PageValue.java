package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.CorruptColumnException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fragments of up to 64 neighbouring series in one row; docs/storage-format.md, "Pages". Small ones share their
 * columns, for their times are alike. An open page is for one thread.
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

    /** Opens a page of group {@code group}: reads its directory, no points. */
    static PageValue open(byte[] value, long group) {
        return new PageValue(Packing.unpack(value), group);
    }

    private final ByteSource in;
    private final int[] ids;
    private final Sequence[] sequences;
    private final int[] points;
    private final int[] own;
    private final boolean shares;
    private @Nullable Points shared;

    private PageValue(ByteSource in, long group) {
        this.in = in;
        int n = in.count(in.remaining());
        ids = new int[n];
        sequences = new Sequence[n];
        points = new int[n];
        own = new int[n];
        boolean isShared = false;
        for (int i = 0; i < n; i++) {
            ids[i] = (int) (group * SERIES + in.get());
            sequences[i] = new Sequence(in.varint(), in.count(Integer.MAX_VALUE));
            points[i] = in.count(Integer.MAX_VALUE);
            own[i] = in.count(in.remaining());
            isShared |= own[i] == 0;
        }
        shares = isShared;
    }

    /** All fragments. */
    List<Fragment> fragments(ChunkReader reader) {
        return fragments(-1, reader);
    }

    /** The fragments of series {@code id}, or with -1 those of all. */
    List<Fragment> fragments(int id, ChunkReader reader) {
        List<Fragment> found = new ArrayList<>();
        int sharedAt = 0;
        long ownAt = 0;
        for (int i = 0; i < ids.length; i++) {
            if (id < 0 || ids[i] == id) {
                Points all = shared(reader);
                Points read = own[i] == 0 ? all.slice(sharedAt, sharedAt + points[i]) : reader.read(own(ownAt, own[i]));
                found.add(new Fragment(ids[i], sequences[i], read));
            }
            sharedAt += own[i] == 0 ? points[i] : 0;
            ownAt += own[i];
        }
        return found;
    }

    private ByteSource own(long at, int length) {
        if (at + length > in.remaining()) {
            throw new CorruptColumnException("a page ends after " + in.remaining() + " of " + (at + length) + " bytes");
        }
        return new ByteSource(in.array(), in.position() + (int) at, length);
    }

    /** The shared columns, which stand before all others, so that {@code in} stands at these from then on. */
    private Points shared(ChunkReader reader) {
        Points read = shared;
        if (read == null) {
            read = shares ? reader.read(in) : Points.NONE;
            shared = read;
        }
        return read;
    }
}
