package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Text;
import io.goshare.server.commit.Tables;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SortedMap;
import org.roaringbitmap.RoaringBitmap;

/** Series in the order of their encoded names. */
abstract class NameOrder {
    private static final byte[] END = {};

    abstract int size();

    abstract int id(int place);

    abstract byte[] name(int id);

    /** The first place whose name is at or behind {@code from}; {@link #size} if there is none. */
    int seek(byte[] from) {
        return seek(from, 0, size());
    }

    final int seek(byte[] from, int first, int end) {
        int low = first;
        int high = end;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Arrays.compareUnsigned(name(id(middle)), from) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first place behind the names that begin with {@code prefix}. */
    final int end(byte[] prefix) {
        byte[] behind = Tables.behind(prefix);
        return behind == null ? size() : seek(behind);
    }

    /** Adds the series whose names begin with {@code prefix}. */
    final void collect(byte[] prefix, RoaringBitmap found) {
        addIds(seek(prefix), end(prefix), found);
    }

    void addIds(int from, int to, RoaringBitmap found) {
        for (int place = from; place < to; place++) {
            found.add(id(place));
        }
    }

    /**
     * Adds the series of the path {@code path}, encoded, that bear the first of {@code tags}. Tags stand in a name in
     * their order, so what has the same tags before that one stands together: it is gone through by a seek for each
     * combination of values of these, not series by series.
     *
     * @param tags not empty; the name of the first is plain ASCII, whose order among names and bytes is the same
     * @param most seeks to be tried
     * @return false if it gave up, as these were not enough
     */
    final boolean collect(byte[] path, SortedMap<String, String> tags, int most, RoaringBitmap found) {
        byte[] tag = piece(tags.firstKey());
        byte[] wanted = joined(tag, piece(tags.getOrDefault(tags.firstKey(), "")));
        int place = seek(path);
        int seeks = 0;
        while (place < size()) {
            int id = id(place);
            byte[] name = name(id);
            if (!startsWith(name, path)) {
                return true;
            }
            int at = placeOf(name, path.length, tag);
            if (startsWith(name, at, wanted)) {
                found.add(id);
                place++;
                continue;
            }
            byte[] next = next(name, at, path.length, wanted);
            if (next.length == 0) {
                return true;
            }
            if (++seeks > most) {
                return false;
            }
            place = Math.max(place + 1, seek(next));
        }
        return true;
    }

    /** Where the next name with the wanted tag may stand, behind a name without it; empty: nowhere. */
    private static byte[] next(byte[] name, int at, int pathEnd, byte[] wanted) {
        if (at == name.length) {
            return Arrays.copyOf(name, at + 1); // further tags may stand before the wanted one
        }
        byte[] before = Arrays.copyOf(name, at);
        if (Arrays.compareUnsigned(name, at, name.length, wanted, 0, wanted.length) < 0) {
            return joined(before, wanted);
        }
        byte[] behind = at == pathEnd ? null : Tables.behind(before);
        return behind == null ? END : behind;
    }

    /** Where in a name {@code tag} stands, or the first tag behind it, or the end. */
    private static int placeOf(byte[] name, int from, byte[] tag) {
        int at = from;
        while (at < name.length) {
            int end = pieceEnd(name, at);
            if (Arrays.compareUnsigned(name, at, end, tag, 0, tag.length) >= 0) {
                return at;
            }
            at = pieceEnd(name, end);
        }
        return at;
    }

    private static int pieceEnd(byte[] name, int from) {
        int end = from;
        while (name[end] != 0) {
            end++;
        }
        return end + 1;
    }

    private static byte[] piece(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Path.encodeSegment(Text.encode(text), out);
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    static boolean startsWith(byte[] name, byte[] prefix) {
        return startsWith(name, 0, prefix);
    }

    private static boolean startsWith(byte[] name, int at, byte[] prefix) {
        return name.length - at >= prefix.length
                && Arrays.equals(name, at, at + prefix.length, prefix, 0, prefix.length);
    }
}
