package io.goshare.server.series;

import io.goshare.server.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows about summaries in the store of a period; docs/storage-format.md, "Rollups". Integers are big-endian.
 *
 * <pre>
 *   summary  key    'r'  rule (4)  series id (8)  window's start (8, sign bit flipped, all bits inverted: newest first)
 *            value  format (1) = 1, then see SummaryCodec
 *   cover    key    'w'  rule (4)
 *            value  format (1) = 1, from (8), done (8), target (8): windows in [from, done) have a row or are empty, but
 *                   for marks; those in [done, target) are under way
 *   mark     key    'm'  series id (8)  from (8, sign bit flipped)  to (8, sign bit flipped)
 *            value  format (1) = 1, 1 if points were erased, else 0: summaries that [from, to) reaches into are old
 *   final    key    'f'  series id (8), -1 all
 *            value  format (1) = 1, until (8): points before were taken by retention, so their summaries stay
 * </pre>
 */
final class RollupRow {
    static final byte SUMMARY = 'r';
    static final byte COVER = 'w';
    static final byte MARK = 'm';
    static final byte FINAL = 'f';

    /** Stands for every series in a {@link #FINAL} row. */
    static final long ALL = -1;

    private static final byte FORMAT = 1;
    private static final int WINDOW_AT = 13;

    private RollupRow() {}

    /** Which windows of a rule a period has summaries of. */
    record Cover(long from, long done, long target) {}

    /** Points of a series that came or went after their summaries were made. */
    record Mark(long id, long from, long to, boolean erased) {
        byte[] key() {
            return ByteBuffer.allocate(25)
                    .put(MARK)
                    .putLong(id)
                    .putLong(from ^ Long.MIN_VALUE)
                    .putLong(to ^ Long.MIN_VALUE)
                    .array();
        }

        byte[] value() {
            return new byte[] {FORMAT, (byte) (erased ? 1 : 0)};
        }

        static Mark decode(byte[] key, byte[] value) {
            ByteBuffer in = ByteBuffer.wrap(key, 1, 24);
            return new Mark(
                    in.getLong(),
                    in.getLong() ^ Long.MIN_VALUE,
                    in.getLong() ^ Long.MIN_VALUE,
                    body(value).get() == 1);
        }
    }

    static byte[] summaryKey(int rule, long id, long window) {
        return ByteBuffer.allocate(21)
                .put(SUMMARY)
                .putInt(rule)
                .putLong(id)
                .putLong(~(window ^ Long.MIN_VALUE))
                .array();
    }

    /** The key that all summaries of {@code id} whose window begins before {@code to} stand at or behind. */
    static byte[] before(int rule, long id, long to) {
        return summaryKey(rule, id, to - 1);
    }

    static byte[] behind(int rule, long id) {
        return summaryKey(rule, id + 1, Long.MAX_VALUE);
    }

    static long window(byte[] summaryKey) {
        return ~ByteBuffer.wrap(summaryKey).getLong(WINDOW_AT) ^ Long.MIN_VALUE;
    }

    static byte[] rulePrefix(byte table, int rule) {
        return ByteBuffer.allocate(5).put(table).putInt(rule).array();
    }

    static int rule(byte[] key) {
        return ByteBuffer.wrap(key).getInt(1);
    }

    static byte[] seriesPrefix(byte table, long id) {
        return ByteBuffer.allocate(9).put(table).putLong(id).array();
    }

    static byte[] summaryValue(byte[] summary) {
        byte[] value = new byte[summary.length + 1];
        value[0] = FORMAT;
        System.arraycopy(summary, 0, value, 1, summary.length);
        return value;
    }

    static byte[] summary(byte[] value) {
        body(value);
        return Arrays.copyOfRange(value, 1, value.length);
    }

    static byte[] value(Cover cover) {
        return ByteBuffer.allocate(25)
                .put(FORMAT)
                .putLong(cover.from)
                .putLong(cover.done)
                .putLong(cover.target)
                .array();
    }

    static Cover cover(byte[] value) {
        ByteBuffer in = body(value);
        return new Cover(in.getLong(), in.getLong(), in.getLong());
    }

    static byte[] finalValue(long until) {
        return ByteBuffer.allocate(9).put(FORMAT).putLong(until).array();
    }

    static long until(byte[] value) {
        return body(value).getLong();
    }

    private static ByteBuffer body(byte[] value) {
        if (value[0] != FORMAT) {
            throw new EngineException(EngineException.Reason.DAMAGED, "a row of rollups is of an unknown format");
        }
        return ByteBuffer.wrap(value, 1, value.length - 1);
    }
}
