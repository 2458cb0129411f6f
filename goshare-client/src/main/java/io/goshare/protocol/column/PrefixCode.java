package io.goshare.protocol.column;

import java.util.Arrays;

/**
 * Canonical Huffman code over 64 symbols, no code longer than 9 bits (Huffman, Proc. IRE 1952; lengths in place after
 * Moffat and Katajainen, WADS 1995, then shortened to the limit as deflate coders do). Codes are written lowest bit
 * first, so that nine bits of lookahead index the decoding table. For one thread.
 *
 * <pre>
 *   top      1 byte      greatest symbol in use; + 0x40: it is the only one, and takes no bits
 *   lengths  4 bits each of symbols 0 to top, low half of a byte first; 0: not in use
 * </pre>
 */
final class PrefixCode {
    static final int SYMBOLS = 64;
    static final int MAX_BITS = 9;
    private static final int ONLY = 0x40;

    /** Code length of each symbol. */
    final byte[] lengths = new byte[SYMBOLS];
    /** Code of each symbol, reversed. */
    final int[] codes = new int[SYMBOLS];
    /** Symbol &lt;&lt; 4 | length of the code that the nine bits begin with. */
    final short[] table = new short[1 << MAX_BITS];

    private final long[] order = new long[SYMBOLS];
    private final int[] work = new int[SYMBOLS];
    private final int[] ofLength = new int[MAX_BITS + 2];
    private int top;
    private boolean only;

    /** Finds the lengths for these frequencies, of which at least one is not 0. Codes: {@link #assign}. */
    void fit(int[] frequencies) {
        int used = 0;
        for (int s = 0; s < SYMBOLS; s++) {
            lengths[s] = 0;
            if (frequencies[s] > 0) {
                order[used++] = (long) frequencies[s] << 6 | s;
                top = s;
            }
        }
        only = used == 1;
        if (only) {
            return;
        }
        Arrays.sort(order, 0, used);
        for (int i = 0; i < used; i++) {
            work[i] = (int) (order[i] >>> 6);
        }
        minimumRedundancy(work, used);
        limit(used);
    }

    /** Turns frequencies in rising order into code lengths in falling order. */
    private static void minimumRedundancy(int[] a, int n) {
        a[0] += a[1];
        int root = 0;
        int leaf = 2;
        for (int next = 1; next < n - 1; next++) {
            if (leaf >= n || a[root] < a[leaf]) {
                a[next] = a[root];
                a[root++] = next;
            } else {
                a[next] = a[leaf++];
            }
            if (leaf >= n || root < next && a[root] < a[leaf]) {
                a[next] += a[root];
                a[root++] = next;
            } else {
                a[next] += a[leaf++];
            }
        }
        a[n - 2] = 0;
        for (int next = n - 3; next >= 0; next--) {
            a[next] = a[a[next]] + 1;
        }
        int available = 1;
        int internal = 0;
        int depth = 0;
        root = n - 2;
        int next = n - 1;
        while (available > 0) {
            while (root >= 0 && a[root] == depth) {
                internal++;
                root--;
            }
            while (available > internal) {
                a[next--] = depth;
                available--;
            }
            available = 2 * internal;
            depth++;
            internal = 0;
        }
    }

    /** Shortens codes to the limit, then lengthens others until the lengths fill the code space again. */
    private void limit(int used) {
        Arrays.fill(ofLength, 0);
        for (int i = 0; i < used; i++) {
            ofLength[Math.min(work[i], MAX_BITS)]++;
        }
        int space = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            space += ofLength[bits] << MAX_BITS - bits;
        }
        while (space > 1 << MAX_BITS) {
            ofLength[MAX_BITS]--;
            int bits = MAX_BITS - 1;
            while (ofLength[bits] == 0) {
                bits--;
            }
            ofLength[bits]--;
            ofLength[bits + 1] += 2;
            space--;
        }
        int rarest = 0;
        for (int bits = MAX_BITS; bits > 0; bits--) {
            for (int i = 0; i < ofLength[bits]; i++) {
                lengths[(int) order[rarest++] & 63] = (byte) bits;
            }
        }
    }

    /** Bits that symbols of these frequencies take, without the header. */
    long bits(int[] frequencies) {
        long bits = 0;
        for (int s = 0; s <= top; s++) {
            bits += (long) frequencies[s] * lengths[s];
        }
        return bits;
    }

    int headerSize() {
        return only ? 1 : 1 + (top + 2) / 2;
    }

    void writeHeader(ByteSink out) {
        out.put(only ? top | ONLY : top);
        for (int s = 0; !only && s <= top; s += 2) {
            out.put(lengths[s] | (s < top ? lengths[s + 1] << 4 : 0));
        }
    }

    /** Reads the lengths and fills {@link #table}; lengths that leave a gap or overlap are refused. */
    void readHeader(ByteSource in) {
        int first = in.get();
        top = first & 63;
        only = (first & ONLY) != 0;
        Arrays.fill(lengths, (byte) 0);
        if ((first & 0x80) != 0) {
            throw new CorruptColumnException("unknown prefix code " + first);
        }
        if (only) {
            Arrays.fill(table, (short) (top << 4));
            return;
        }
        int space = 0;
        for (int s = 0; s <= top; s += 2) {
            int pair = in.get();
            lengths[s] = (byte) (pair & 15);
            if (s < top) {
                lengths[s + 1] = (byte) (pair >>> 4);
            }
        }
        for (int s = 0; s <= top; s++) {
            if (lengths[s] > MAX_BITS) {
                throw new CorruptColumnException("a prefix code of " + lengths[s] + " bits");
            }
            space += lengths[s] == 0 ? 0 : 1 << MAX_BITS - lengths[s];
        }
        if (space != 1 << MAX_BITS) {
            throw new CorruptColumnException("prefix code lengths do not add up");
        }
        assign();
        for (int s = 0; s <= top; s++) {
            int bits = lengths[s];
            for (int code = codes[s]; bits > 0 && code < table.length; code += 1 << bits) {
                table[code] = (short) (s << 4 | bits);
            }
        }
    }

    /** Gives each symbol the code that its length makes canonical. */
    void assign() {
        int code = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            for (int s = 0; s <= top; s++) {
                if (lengths[s] == bits) {
                    codes[s] = Integer.reverse(code++) >>> 32 - bits;
                }
            }
            code <<= 1;
        }
    }
}
