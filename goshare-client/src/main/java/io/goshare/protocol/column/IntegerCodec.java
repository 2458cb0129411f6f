package io.goshare.protocol.column;

import java.util.Arrays;

/**
 * A column of int64, exact for every one. Values become residuals, either zig-zag differences from the one before or
 * distances from the least, and these are written in the smallest of six ways. For one thread: it keeps scratch space.
 *
 * <pre>
 *   mode   1 byte    0 constant, 1 runs, 2 varints, 3 packed, 4 Huffman, 5 changes;
 *                    + 8: residuals are differences; + 16: shifted
 *   base   zig-zag   the first value (differences), or the least
 *   shift  1 byte    zero bits that all residuals end in and that are left away, 1 to 63 (shifted only): one where no
 *                    value is less than the one before, ten where all are multiples of 1,024
 *   constant: the residual of all, a varint (nothing, if there are none)
 *   runs:     length and residual, two varints, until all are told
 *   changes:  zero residuals, then one that is not 0 unless the end is reached, two varints, until all are told
 *   varints:  a varint each
 *   packed, Huffman: see PackedCodec, HuffmanCodec
 * </pre>
 *
 * The number of values is the container's to tell; none takes no bytes at all.
 */
public final class IntegerCodec {
    /** How much work an encoder may do for size. Decoders read either. */
    public enum Effort {
        /** For disks: the smallest. */
        SMALL,
        /** For the wire: bit-packing in place of Huffman. */
        CHEAP
    }

    private static final int CONSTANT = 0;
    private static final int RUNS = 1;
    private static final int VARINTS = 2;
    private static final int PACKED = 3;
    private static final int HUFFMAN = 4;
    private static final int CHANGES = 5;
    private static final int DIFFERENCES = 8;
    private static final int SHIFTED = 16;

    private final HuffmanCodec huffman = new HuffmanCodec();
    private final int[] widths = new int[65];
    private final ByteSink other = new ByteSink();
    private long[] residuals = new long[64];

    /** Writes {@code values[from, to)} as differences. */
    public void encode(long[] values, int from, int to, Effort effort, ByteSink out) {
        int n = to - from;
        if (n == 0) {
            return;
        }
        room(n);
        for (int i = 0; i < n - 1; i++) {
            residuals[i] = ByteSink.zigZag(values[from + i + 1] - values[from + i]);
        }
        encode(DIFFERENCES, values[from], n - 1, effort, out);
    }

    /** Writes {@code values[from, to)} as distances from the least. */
    public void encodePlain(long[] values, int from, int to, Effort effort, ByteSink out) {
        int n = to - from;
        if (n == 0) {
            return;
        }
        room(n);
        long least = values[from];
        for (int i = from; i < to; i++) {
            least = Math.min(least, values[i]);
        }
        for (int i = 0; i < n; i++) {
            residuals[i] = values[from + i] - least;
        }
        encode(0, least, n, effort, out);
    }

    /** Writes whichever of the two is smaller. */
    public void encodeSmaller(long[] values, int from, int to, Effort effort, ByteSink out) {
        other.truncate(0);
        encodePlain(values, from, to, effort, other);
        int start = out.size();
        encode(values, from, to, effort, out);
        if (other.size() < out.size() - start) {
            out.truncate(start).put(other.array(), 0, other.size());
        }
    }

    private void room(int n) {
        if (residuals.length < n) {
            residuals = new long[Math.max(n, residuals.length * 2)];
        }
    }

    private void encode(int transform, long base, int n, Effort effort, ByteSink out) {
        Shape shape = shape(n);
        int shift = shape.any == 0 ? 0 : Long.numberOfTrailingZeros(shape.any);
        for (int i = 0; shift > 0 && i < n; i++) {
            residuals[i] >>>= shift;
        }
        int mode = choose(n, shape, shift, effort);
        out.put(mode | transform | (shift == 0 ? 0 : SHIFTED)).putZigZag(base);
        if (shift > 0) {
            out.put(shift);
        }
        switch (mode) {
            case CONSTANT -> {
                if (n > 0) {
                    out.putVarint(residuals[0]);
                }
            }
            case RUNS -> encodeRuns(n, out);
            case VARINTS -> {
                for (int i = 0; i < n; i++) {
                    out.putVarint(residuals[i]);
                }
            }
            case PACKED -> PackedCodec.encode(residuals, n, out);
            case CHANGES -> encodeChanges(n, out);
            default -> huffman.encode(residuals, n, out);
        }
    }

    /**
     * What one look at residuals tells.
     *
     * @param any bits that are set in any
     * @param changes residuals that differ from the one before
     * @param sum of all; means nothing if {@code any} is wide
     */
    private record Shape(long any, int changes, int zeros, long sum) {}

    private Shape shape(int n) {
        long any = 0;
        long sum = 0;
        int changes = 0;
        int zeros = 0;
        long before = n == 0 ? 0 : residuals[0];
        for (int i = 0; i < n; i++) {
            long residual = residuals[i];
            any |= residual;
            sum += residual;
            changes += residual == before ? 0 : 1;
            zeros += residual == 0 ? 1 : 0;
            before = residual;
        }
        return new Shape(any, changes, zeros, sum);
    }

    private int choose(int n, Shape shape, int shift, Effort effort) {
        if (shape.changes == 0) {
            return CONSTANT;
        }
        boolean narrow = shape.any >>> shift >>> 7 == 0;
        if (!narrow) {
            countWidths(n);
        }
        int mode = VARINTS;
        long size = narrow ? n : varintsSize();
        if (shape.changes < n / 2) {
            long runs = runsSize(n);
            if (runs < size) {
                mode = RUNS;
                size = runs;
            }
        }
        if (shape.zeros > n / 2) {
            long zeros = changesSize(n);
            if (zeros < size) {
                mode = CHANGES;
                size = zeros;
            }
        }
        if (effort == Effort.SMALL) {
            double mean = narrow ? (double) (shape.sum >>> shift) / n : typicalMean(n);
            return n >= 8 && huffman.plan(residuals, n, mean) < size ? HUFFMAN : mode;
        }
        return packedSize(n) < size ? PACKED : mode;
    }

    private void countWidths(int n) {
        Arrays.fill(widths, 0);
        for (int i = 0; i < n; i++) {
            widths[64 - Long.numberOfLeadingZeros(residuals[i])]++;
        }
    }

    private long varintsSize() {
        long size = 0;
        for (int width = 0; width <= 64; width++) {
            size += (long) widths[width] * Math.max(1, (width + 6) / 7);
        }
        return size;
    }

    private long runsSize(int n) {
        long size = 0;
        int start = 0;
        for (int i = 1; i <= n; i++) {
            if (i == n || residuals[i] != residuals[start]) {
                size += ByteSink.varintSize(i - start) + ByteSink.varintSize(residuals[start]);
                start = i;
            }
        }
        return size;
    }

    private long changesSize(int n) {
        long size = 0;
        int zeros = 0;
        for (int i = 0; i < n; i++) {
            if (residuals[i] == 0) {
                zeros++;
            } else {
                size += ByteSink.varintSize(zeros) + ByteSink.varintSize(residuals[i]);
                zeros = 0;
            }
        }
        return zeros == 0 ? size : size + ByteSink.varintSize(zeros);
    }

    private long packedSize(int n) {
        long size = 0;
        for (int from = 0; from < n; from += 128) {
            long any = 0;
            int to = Math.min(from + 128, n);
            for (int i = from; i < to; i++) {
                any |= residuals[i];
            }
            size += 1 + ((64 - Long.numberOfLeadingZeros(any)) * (to - from) + 7) / 8;
        }
        return size;
    }

    /** The mean without the widest 1 in 64: a counter's reset must not widen the low bits of all others. */
    private double typicalMean(int n) {
        int width = 64;
        int beyond = widths[64];
        while (width > 0 && beyond <= n / 64) {
            beyond += widths[--width];
        }
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < n; i++) {
            long residual = residuals[i];
            if (64 - Long.numberOfLeadingZeros(residual) <= width) {
                sum += residual >= 0 ? residual : (residual >>> 1) * 2.0;
                counted++;
            }
        }
        return counted == 0 ? 0 : sum / counted;
    }

    private void encodeRuns(int n, ByteSink out) {
        int start = 0;
        for (int i = 1; i <= n; i++) {
            if (i == n || residuals[i] != residuals[start]) {
                out.putVarint(i - start).putVarint(residuals[start]);
                start = i;
            }
        }
    }

    private void encodeChanges(int n, ByteSink out) {
        int zeros = 0;
        for (int i = 0; i < n; i++) {
            if (residuals[i] == 0) {
                zeros++;
            } else {
                out.putVarint(zeros).putVarint(residuals[i]);
                zeros = 0;
            }
        }
        if (zeros > 0) {
            out.putVarint(zeros);
        }
    }

    /**
     * Reads {@code count} values into {@code values} from {@code at} on, which has room for them.
     *
     * @throws CorruptColumnException if the bytes are not those of {@code count} values
     */
    public void decode(ByteSource in, int count, long[] values, int at) {
        if (count == 0) {
            return;
        }
        int mode = in.get();
        long base = in.zigZag();
        int shift = (mode & SHIFTED) == 0 ? 0 : in.get();
        if (shift > 63) {
            throw new CorruptColumnException("a shift of " + shift + " bits");
        }
        boolean differences = (mode & DIFFERENCES) != 0;
        int n = differences ? count - 1 : count;
        room(n);
        switch (mode & ~(DIFFERENCES | SHIFTED)) {
            case CONSTANT -> Arrays.fill(residuals, 0, n, n == 0 ? 0 : in.varint());
            case RUNS -> decodeRuns(in, n);
            case VARINTS -> {
                for (int i = 0; i < n; i++) {
                    residuals[i] = in.varint();
                }
            }
            case PACKED -> PackedCodec.decode(in, residuals, n);
            case HUFFMAN -> huffman.decode(in, residuals, n);
            case CHANGES -> decodeChanges(in, n);
            default -> throw new CorruptColumnException("unknown mode " + mode + " of integers");
        }
        for (int i = 0; shift > 0 && i < n; i++) {
            residuals[i] <<= shift;
        }
        restore(differences, base, n, values, at);
    }

    private void restore(boolean differences, long base, int n, long[] values, int at) {
        if (differences) {
            long value = base;
            values[at] = value;
            for (int i = 0; i < n; i++) {
                value += ByteSource.unZigZag(residuals[i]);
                values[at + 1 + i] = value;
            }
        } else {
            for (int i = 0; i < n; i++) {
                values[at + i] = base + residuals[i];
            }
        }
    }

    private void decodeRuns(ByteSource in, int n) {
        int i = 0;
        while (i < n) {
            int length = in.count(n - i);
            if (length == 0) {
                throw new CorruptColumnException("an empty run");
            }
            Arrays.fill(residuals, i, i + length, in.varint());
            i += length;
        }
    }

    private void decodeChanges(ByteSource in, int n) {
        int i = 0;
        while (i < n) {
            int zeros = in.count(n - i);
            Arrays.fill(residuals, i, i + zeros, 0);
            i += zeros;
            if (i < n) {
                residuals[i++] = in.varint();
            }
        }
    }
}
