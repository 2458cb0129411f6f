package io.goshare.protocol.column;

import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;

/**
 * Points of one series as bytes and back, exact in value and kind: {@code 0.50} keeps its digits, NaN its payload. The
 * bytes know their own length. For one thread: it keeps scratch space; make one for each.
 *
 * <pre>
 *   count     varint; 0: nothing follows
 *   times     see TimeCodec
 *   tags      number of different ones, 1 byte; each 1 byte, as in PointBatch; where there are two or more,
 *             integer column: index of each row's tag
 *   numbers   integers and decimals together, if there are any: common scale, 1 byte, 0xff: each its own;
 *             integer column of mantissas at that scale
 *   floats    if there are any, see FloatCodec
 *   booleans  if there are any, integer column of 0 and 1
 *   bytes     text and bytes together, if there are any, see BytesCodec
 * </pre>
 */
public final class ColumnCodec {
    private static final int OWN_SCALES = 0xff;
    private static final int NUMBERS = 0;
    private static final int FLOATS = 1;
    private static final int BOOLEANS = 2;
    private static final int BYTES = 3;
    private static final int GROUPS = 4;

    private final Effort effort;
    private final IntegerCodec integers = new IntegerCodec();
    private final TimeCodec timeCodec = new TimeCodec(integers);
    private final FloatCodec floats = new FloatCodec(integers);
    private final BytesCodec bytes = new BytesCodec(integers);
    private final byte[] distinct = new byte[256];
    private final int[] indexOfTag = new int[256];
    private long[] scratch = new long[64];

    /** For disks: the smallest form. */
    public ColumnCodec() {
        this(Effort.SMALL);
    }

    /** {@code effort} is the encoder's; any decoder reads either. */
    public ColumnCodec(Effort effort) {
        this.effort = effort;
    }

    /** Appends rows {@code [from, to)} of these columns, laid out as in {@link PointBatch}, to {@code out}. */
    public void encode(long[] times, byte[] tags, long[] words, byte[] heap, int from, int to, ByteSink out) {
        encodeTimes(times, from, to, out);
        encodeValues(tags, words, heap, from, to, out);
    }

    /** The part of {@link #encode} before the tags. */
    public void encodeTimes(long[] times, int from, int to, ByteSink out) {
        out.putVarint(to - from);
        timeCodec.encode(times, from, to, effort, out);
    }

    /** The part of {@link #encode} from the tags on. */
    public void encodeValues(byte[] tags, long[] words, byte[] heap, int from, int to, ByteSink out) {
        if (from == to) {
            return;
        }
        room(to - from);
        int kinds = encodeTags(tags, from, to, out);
        if (kinds == 1) {
            System.arraycopy(words, from, scratch, 0, to - from);
            encodeGroup(groupOf(tags[from]), to - from, kinds, tags, heap, from, to, out);
            return;
        }
        for (int group = 0; group < GROUPS; group++) {
            int rows = 0;
            for (int i = from; i < to; i++) {
                if (groupOf(tags[i]) == group) {
                    scratch[rows++] = words[i];
                }
            }
            if (rows > 0) {
                encodeGroup(group, rows, kinds, tags, heap, from, to, out);
            }
        }
    }

    /** Lists the different tags in {@link #distinct} and returns how many these are. */
    private int encodeTags(byte[] tags, int from, int to, ByteSink out) {
        distinct[0] = tags[from];
        int same = from + 1;
        while (same < to && tags[same] == distinct[0]) {
            same++;
        }
        if (same == to) {
            out.put(1).put(distinct[0]);
            return 1;
        }
        Arrays.fill(indexOfTag, -1);
        int kinds = 0;
        for (int i = from; i < to; i++) {
            int tag = tags[i] & 0xff;
            if (indexOfTag[tag] < 0) {
                indexOfTag[tag] = kinds;
                distinct[kinds++] = tags[i];
            }
            scratch[i - from] = indexOfTag[tag];
        }
        out.put(kinds).put(distinct, 0, kinds);
        integers.encodeSmaller(scratch, 0, to - from, effort, out);
        return kinds;
    }

    private void encodeGroup(int group, int rows, int kinds, byte[] tags, byte[] heap, int from, int to, ByteSink out) {
        switch (group) {
            case NUMBERS -> {
                out.put(toCommonScale(kinds, tags, from, to));
                integers.encode(scratch, 0, rows, effort, out);
            }
            case FLOATS -> floats.encode(scratch, rows, effort, out);
            case BOOLEANS -> integers.encodeSmaller(scratch, 0, rows, effort, out);
            default -> bytes.encode(scratch, rows, heap, effort, out);
        }
    }

    /** Brings the mantissas in {@link #scratch} to the greatest scale among them, unless one would not fit. */
    private int toCommonScale(int kinds, byte[] tags, int from, int to) {
        int greatest = 0;
        int least = Value.MAX_SCALE;
        for (int i = 0; i < kinds; i++) {
            if (groupOf(distinct[i]) == NUMBERS) {
                greatest = Math.max(greatest, PointBatch.scale(distinct[i]));
                least = Math.min(least, PointBatch.scale(distinct[i]));
            }
        }
        if (greatest == least) {
            return greatest;
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            if (groupOf(tags[i]) == NUMBERS) {
                long power = Value.powerOfTen(greatest - PointBatch.scale(tags[i]));
                if (Math.multiplyHigh(scratch[n], power) != scratch[n] * power >> 63) {
                    return OWN_SCALES;
                }
                n++;
            }
        }
        n = 0;
        for (int i = from; i < to; i++) {
            if (groupOf(tags[i]) == NUMBERS) {
                scratch[n++] *= Value.powerOfTen(greatest - PointBatch.scale(tags[i]));
            }
        }
        return greatest;
    }

    private static int groupOf(byte tag) {
        return switch (PointBatch.kind(tag)) {
            case INTEGER, DECIMAL -> NUMBERS;
            case FLOAT -> FLOATS;
            case BOOLEAN -> BOOLEANS;
            case TEXT, BYTES -> BYTES;
        };
    }

    private void room(int n) {
        if (scratch.length < n) {
            scratch = new long[Math.max(n, scratch.length * 2)];
        }
    }

    /**
     * Reads points that fill {@code in[offset, offset + length)}.
     *
     * @throws CorruptColumnException if these bytes are not what {@link #encode} writes, or hold more than {@code out}
     *     takes; {@code out} then means nothing
     */
    public void decode(byte[] in, int offset, int length, PointColumns out) {
        ByteSource source = new ByteSource(in, offset, length);
        decode(source, out);
        source.expectEnd();
    }

    /** Reads points from where {@code in} stands, and leaves it behind them. */
    public void decode(ByteSource in, PointColumns out) {
        decodeTimes(in, out);
        decodeValues(in, out);
    }

    /** Reads what {@link #encodeValues} wrote, for as many points as {@code out} has times. */
    public void decodeValues(ByteSource in, PointColumns out) {
        int n = out.count();
        if (n == 0) {
            return;
        }
        int kinds = decodeTags(in, n, out.tags());
        if (kinds == 1) {
            decodeGroup(groupOf(distinct[0]), n, true, in, out);
            return;
        }
        int[] rows = new int[GROUPS];
        for (int i = 0; i < n; i++) {
            rows[groupOf(out.tags()[i])]++;
        }
        for (int group = 0; group < GROUPS; group++) {
            if (rows[group] > 0) {
                decodeGroup(group, rows[group], false, in, out);
            }
        }
    }

    /** Reads only the times of points; the other columns then mean nothing. */
    public void decodeTimes(byte[] in, int offset, int length, PointColumns out) {
        decodeTimes(new ByteSource(in, offset, length), out);
    }

    /** Reads what {@link #encodeTimes} wrote. */
    public void decodeTimes(ByteSource in, PointColumns out) {
        int n = in.count(out.maxPoints());
        out.start(n);
        timeCodec.decode(in, n, out.times());
    }

    private int decodeTags(ByteSource in, int n, byte[] tags) {
        int kinds = in.get();
        for (int i = 0; i < kinds; i++) {
            distinct[i] = (byte) in.get();
            checkTag(distinct[i]);
        }
        if (kinds == 1) {
            Arrays.fill(tags, 0, n, distinct[0]);
            return 1;
        }
        room(n);
        integers.decode(in, n, scratch, 0);
        for (int i = 0; i < n; i++) {
            if (scratch[i] < 0 || scratch[i] >= kinds) {
                throw new CorruptColumnException("a tag that is not in the list");
            }
            tags[i] = distinct[(int) scratch[i]];
        }
        return kinds;
    }

    private static void checkTag(byte tag) {
        if ((tag & 7) >= Kind.values().length
                || PointBatch.scale(tag) > (PointBatch.kind(tag) == Kind.DECIMAL ? Value.MAX_SCALE : 0)) {
            throw new CorruptColumnException("unknown tag " + (tag & 0xff));
        }
    }

    private void decodeGroup(int group, int rows, boolean alone, ByteSource in, PointColumns out) {
        int scale = group == NUMBERS ? in.get() : OWN_SCALES;
        long[] target = alone ? out.words() : scratch;
        switch (group) {
            case NUMBERS -> integers.decode(in, rows, target, 0);
            case FLOATS -> floats.decode(in, rows, target);
            case BOOLEANS -> {
                integers.decode(in, rows, target, 0);
                for (int i = 0; i < rows; i++) {
                    if (target[i] >>> 1 != 0) {
                        throw new CorruptColumnException("a boolean that is " + target[i]);
                    }
                }
            }
            default -> bytes.decode(in, rows, target, out);
        }
        if (alone) {
            checkOwnScale(scale, out.tags()[0]);
        } else {
            scatter(group, scale, out);
        }
    }

    private static void checkOwnScale(int scale, byte tag) {
        if (scale != OWN_SCALES && scale != PointBatch.scale(tag)) {
            throw new CorruptColumnException("a scale of " + scale);
        }
    }

    private void scatter(int group, int scale, PointColumns out) {
        byte[] tags = out.tags();
        int from = 0;
        for (int i = 0; i < out.count(); i++) {
            if (groupOf(tags[i]) == group) {
                long word = scratch[from++];
                out.words()[i] = scale == OWN_SCALES ? word : atOwnScale(word, scale - PointBatch.scale(tags[i]));
            }
        }
    }

    private static long atOwnScale(long word, int digits) {
        if (digits < 0 || digits > Value.MAX_SCALE || word % Value.powerOfTen(digits) != 0) {
            throw new CorruptColumnException("a mantissa that does not fit its scale");
        }
        return word / Value.powerOfTen(digits);
    }
}
