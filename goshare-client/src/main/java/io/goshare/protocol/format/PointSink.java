package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where parsers put points: the batch that grows, the rows that were wrong, and what all formats check alike. For one
 * thread.
 */
final class PointSink {
    /** Most bytes of a text or bytes value. */
    static final int MAX_VALUE_BYTES = 1 << 20;

    /** Most bytes of all text and bytes values of a body: a dictionary may repeat one in no bytes at all. */
    static final int MAX_TEXT_BYTES = 64 << 20;

    final PointBatch.Builder batch;
    final KnownSeries known = KnownSeries.take();
    final NumberText number = new NumberText();
    private final PointOptions options;
    private final List<RejectedRow> rejected = new ArrayList<>();
    private long rejectedRows;
    private long row;
    private int within;
    private long textBytes;

    PointSink(PointOptions options, int expectedRows) {
        this.options = options;
        this.batch = new PointBatch.Builder(Math.min(expectedRows, options.maxPoints()));
    }

    PointOptions options() {
        return options;
    }

    /** Begins the next row of the body. */
    void nextRow() {
        row++;
        within = 0;
    }

    /** Rows that follow are the {@code index}th behind {@link #nextRow}'s, from 0: a column's. */
    void within(int index) {
        within = index;
    }

    /** Takes back {@link #nextRow}: what began was no row. */
    void previousRow() {
        row--;
    }

    GoShareException bad(@Nullable String field, @Nullable String reason) {
        long at = row + within;
        return GoShareException.badRow(at, field, "row " + at + (field == null ? ": " : ", " + field + ": ") + reason);
    }

    /** Takes note of a row that was wrong, or ends it all. */
    void reject(GoShareException wrong) {
        if (!options.partial() || wrong.code() != ErrorCode.INVALID_ROWS) {
            throw wrong;
        }
        rejectedRows++;
        if (rejected.size() < PointsRead.MAX_TOLD) {
            String message = String.valueOf(wrong.getMessage());
            rejected.add(new RejectedRow(wrong.row(), wrong.field(), message));
        }
    }

    long time(byte[] text, int offset, int length) {
        if (length == 0) {
            return PointBatch.NO_TIME;
        }
        try {
            return TimeText.parse(text, offset, length, options.unit());
        } catch (IllegalArgumentException e) {
            throw bad("time", e.getMessage());
        }
    }

    long time(String text) {
        try {
            return text.isEmpty() ? PointBatch.NO_TIME : TimeText.parse(text, options.unit());
        } catch (IllegalArgumentException e) {
            throw bad("time", e.getMessage());
        }
    }

    long time(long bareInteger) {
        try {
            return TimeText.ofInteger(bareInteger, options.unit());
        } catch (IllegalArgumentException e) {
            throw bad("time", e.getMessage());
        }
    }

    private void room() {
        room(1);
    }

    /** Refuses {@code more} points beyond what a body may hold. */
    void room(int more) {
        if (more > options.maxPoints() - batch.rows()) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE, "a body holds " + options.maxPoints() + " points at most; send more bodies");
        }
    }

    void add(int series, long time, Kind kind, int scale, long word) {
        room();
        batch.add(series, time, kind, scale, word);
    }

    /** Adds the first {@code count} rows of columns without text and bytes. */
    void add(int series, int count, long[] times, byte[] tags, long[] words) {
        room(count);
        batch.add(series, count, times, tags, words);
    }

    void add(int series, long time, Kind kind, byte[] bytes, int offset, int length) {
        room();
        if (length > MAX_VALUE_BYTES) {
            throw bad("value", "has " + length + " bytes; " + MAX_VALUE_BYTES + " is the most");
        }
        textBytes += length;
        if (textBytes > MAX_TEXT_BYTES) {
            throw new GoShareException(
                    ErrorCode.TOO_LARGE, "a body holds " + MAX_TEXT_BYTES + " bytes of text at most; send more bodies");
        }
        batch.add(series, time, kind, bytes, offset, length);
    }

    /** Adds text whose type is not declared: a number or text. */
    void addInferred(int series, long time, byte[] text, int offset, int length) {
        if (number.infer(text, offset, offset + length)) {
            add(series, time, number.kind, number.scale, number.word);
        } else {
            add(series, time, Kind.TEXT, text, offset, length);
        }
    }

    /** Adds text of a declared type, {@code f i b t x}. */
    void addDeclared(int series, long time, int letter, byte[] text, int offset, int length) {
        try {
            switch (letter) {
                case 'f' -> number.parseFloat(text, offset, offset + length);
                case 'i' -> number.parseInteger(text, offset, offset + length);
                case 'b' -> {
                    add(series, time, Kind.BOOLEAN, 0, flag(text, offset, length) ? 1 : 0);
                    return;
                }
                case 't' -> {
                    add(series, time, Kind.TEXT, text, offset, length);
                    return;
                }
                case 'x' -> {
                    byte[] bytes = Base64.getDecoder().decode(Arrays.copyOfRange(text, offset, offset + length));
                    add(series, time, Kind.BYTES, bytes, 0, bytes.length);
                    return;
                }
                default -> throw bad("type", "is none of f (float), i (integer), b (boolean), t (text), x (base64)");
            }
        } catch (IllegalArgumentException e) {
            throw bad("value", e.getMessage());
        }
        add(series, time, number.kind, number.scale, number.word);
    }

    static boolean flag(byte[] text, int offset, int length) {
        if (length == 4
                && text[offset] == 't'
                && text[offset + 1] == 'r'
                && text[offset + 2] == 'u'
                && text[offset + 3] == 'e') {
            return true;
        }
        if (length == 5
                && new String(text, offset, length, java.nio.charset.StandardCharsets.ISO_8859_1).equals("false")) {
            return false;
        }
        throw new IllegalArgumentException("is neither true nor false");
    }

    /** The index in the batch of the series with this number. */
    int index(int number) {
        return known.index(number, batch);
    }

    PointsRead finish() {
        known.giveBack();
        return new PointsRead(batch.build(), List.copyOf(rejected), rejectedRows);
    }
}
