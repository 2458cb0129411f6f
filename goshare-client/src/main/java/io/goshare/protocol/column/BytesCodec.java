package io.goshare.protocol.column;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.goshare.protocol.column.IntegerCodec.Effort;
import java.util.Arrays;

/**
 * A column of texts or bytes: each different one once, then which of them each row holds. For one thread.
 *
 * <pre>
 *   entries   varint          different values
 *   lengths   integer column of entries
 *   packing   1 byte          0 as they are, 1 zstd
 *   size      varint          bytes that follow (zstd only)
 *   bytes     all entries, one behind the other
 *   rows      integer column: index of each row's entry
 * </pre>
 */
final class BytesCodec {
    /** Below this many bytes zstd's own header eats what it saves. */
    private static final int ZSTD_FROM = 96;

    private final IntegerCodec integers;
    private int[] slots = new int[64];
    private long[] lengths = new long[64];
    private int[] offsets = new int[64];
    private long[] indices = new long[64];
    private final ByteSink entries = new ByteSink();

    BytesCodec(IntegerCodec integers) {
        this.integers = integers;
    }

    /** Writes {@code words[0, n)}, each offset &lt;&lt; 32 | length of a piece of {@code heap}. */
    void encode(long[] words, int n, byte[] heap, Effort effort, ByteSink out) {
        room(n);
        int found = index(words, n, heap);
        out.putVarint(found);
        integers.encodePlain(lengths, 0, found, effort, out);
        if (effort == Effort.CHEAP || !compressed(out)) {
            out.put(0).put(entries.array(), 0, entries.size());
        }
        integers.encodeSmaller(indices, 0, n, effort, out);
    }

    private boolean compressed(ByteSink out) {
        if (entries.size() < ZSTD_FROM) {
            return false;
        }
        byte[] packed = Zstd.compress(entries.toByteArray(), 3);
        if (packed.length + 4 >= entries.size()) {
            return false;
        }
        out.put(1).putVarint(packed.length).put(packed);
        return true;
    }

    private int index(long[] words, int n, byte[] heap) {
        Arrays.fill(slots, 0);
        entries.truncate(0);
        int mask = slots.length - 1;
        int found = 0;
        for (int i = 0; i < n; i++) {
            if (i > 0 && words[i] == words[i - 1]) {
                indices[i] = indices[i - 1];
                continue;
            }
            int offset = (int) (words[i] >>> 32);
            int length = (int) words[i];
            int at = hash(heap, offset, length) & mask;
            while (slots[at] != 0 && !same(slots[at] - 1, heap, offset, length)) {
                at = at + 1 & mask;
            }
            if (slots[at] == 0) {
                offsets[found] = entries.size();
                lengths[found] = length;
                entries.put(heap, offset, length);
                slots[at] = ++found;
            }
            indices[i] = slots[at] - 1L;
        }
        return found;
    }

    private boolean same(int entry, byte[] heap, int offset, int length) {
        int start = offsets[entry];
        return lengths[entry] == length
                && Arrays.equals(entries.array(), start, start + length, heap, offset, offset + length);
    }

    private static int hash(byte[] heap, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + heap[i];
        }
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    private void room(int n) {
        if (indices.length < n) {
            indices = new long[Math.max(n, indices.length * 2)];
        }
        if (lengths.length < n) {
            lengths = new long[indices.length];
            offsets = new int[indices.length];
        }
        if (slots.length < n * 2L) {
            slots = new int[Integer.highestOneBit(n) * 4];
        }
    }

    /** Reads {@code n} words; they point into {@link PointColumns#heap}, where equal values share their bytes. */
    void decode(ByteSource in, int n, long[] words, PointColumns out) {
        room(n);
        int found = in.count(n);
        integers.decode(in, found, lengths, 0);
        long total = 0;
        for (int i = 0; i < found; i++) {
            if (lengths[i] < 0 || lengths[i] > out.maxBytes() - total) {
                throw new CorruptColumnException("more than " + out.maxBytes() + " bytes of text");
            }
            offsets[i] = (int) total;
            total += lengths[i];
        }
        readEntries(in, (int) total, out);
        integers.decode(in, n, indices, 0);
        for (int i = 0; i < n; i++) {
            if (indices[i] < 0 || indices[i] >= found) {
                throw new CorruptColumnException("a value that is not in the list");
            }
            words[i] = (long) offsets[(int) indices[i]] << 32 | lengths[(int) indices[i]];
        }
    }

    private static void readEntries(ByteSource in, int total, PointColumns out) {
        int packing = in.get();
        if (packing == 0) {
            int start = in.take(total);
            System.arraycopy(in.array(), start, out.heap(total), 0, total);
        } else if (packing == 1) {
            int size = in.count(in.remaining());
            int start = in.take(size);
            if (total > 0 && Zstd.getFrameContentSize(in.array(), start, size) != total) {
                throw new CorruptColumnException("zstd bytes of another length");
            }
            unpack(in.array(), start, size, total, out.heap(total));
        } else {
            throw new CorruptColumnException("unknown packing " + packing);
        }
    }

    private static void unpack(byte[] in, int start, int size, int total, byte[] heap) {
        try {
            long made = Zstd.decompressByteArray(heap, 0, total, in, start, size);
            if (made != total) {
                throw new CorruptColumnException("zstd bytes end early");
            }
        } catch (ZstdException e) {
            throw new CorruptColumnException("zstd: " + e.getMessage());
        }
    }
}
