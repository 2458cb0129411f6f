package io.goshare.protocol;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of equally many cells, each a value or nothing, without an object for each: a tag and a word per cell, row after
 * row, and the texts that the words of texts point to. Cells are put from left to right; a row is there once it is
 * full. For one thread until nothing is put any more.
 */
public final class Cells {
    /** No {@link PointBatch#tag}: the cell holds nothing. */
    private static final byte NOTHING = 7;

    /** Texts put last, among which one that is put again is looked for. */
    private static final int RECENT = 8;

    private final int width;
    private byte[] tags;
    private long[] words;
    private int size;
    private int rows;
    private @Nullable Value[] texts = {};
    private int textCount;

    /**
     * @param width cells of a row
     * @param room rows that there is room for at first
     */
    public Cells(int width, int room) {
        this.width = width;
        tags = new byte[width * room];
        words = new long[width * room];
    }

    public int width() {
        return width;
    }

    /** How many rows are full. */
    public int rows() {
        return rows;
    }

    /** Puts a row of {@link #width} cells; none may have been begun. */
    public Cells putRow(@Nullable Value... cells) {
        for (Value cell : cells) {
            put(cell);
        }
        rows += width == 0 ? 1 : 0;
        return this;
    }

    /** Puts the next cell; null is nothing. */
    public Cells put(@Nullable Value value) {
        if (value == null) {
            return put(NOTHING, 0);
        }
        return put(PointBatch.tag(value.kind(), value.scale()), value.kind().isBytes() ? text(value) : value.word());
    }

    /** Puts a number or a boolean as the next cell: {@link Value#kind}, {@link Value#scale}, {@link Value#word}. */
    public Cells put(Kind kind, int scale, long word) {
        return put(PointBatch.tag(kind, scale), word);
    }

    private Cells put(byte tag, long word) {
        room(1);
        tags[size] = tag;
        words[size++] = word;
        rows += size - rows * width == width ? 1 : 0;
        return this;
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > tags.length) {
            int length = Math.max(needed, Math.max(16, (int) Math.min(tags.length * 2L, Integer.MAX_VALUE - 16)));
            tags = Arrays.copyOf(tags, length);
            words = Arrays.copyOf(words, length);
        }
    }

    /** The place of a text or of bytes: that of the same object if it was put lately. */
    @SuppressWarnings("ReferenceEquality") // equal ones may be told apart, which costs room alone
    private int text(Value value) {
        for (int i = textCount - 1; i >= Math.max(0, textCount - RECENT); i--) {
            if (texts[i] == value) {
                return i;
            }
        }
        textRoom(1);
        texts[textCount] = value;
        return textCount++;
    }

    private void textRoom(int more) {
        if (textCount + more > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(textCount + more, Math.max(4, textCount * 2)));
        }
    }

    /** Puts the first {@code count} cells of row {@code row} as the next ones. */
    public Cells putAgain(int row, int count) {
        for (int at = row * width; at < row * width + count; at++) {
            put(tags[at], words[at]);
        }
        return this;
    }

    /** Puts rows {@code [from, to)} of {@code other}, which has the same width, behind these. */
    public Cells put(Cells other, int from, int to) {
        int first = from * width;
        int length = (to - from) * width;
        room(length);
        System.arraycopy(other.tags, first, tags, size, length);
        System.arraycopy(other.words, first, words, size, length);
        textRoom(other.textCount);
        System.arraycopy(other.texts, 0, texts, textCount, other.textCount);
        for (int i = size; textCount > 0 && i < size + length; i++) {
            words[i] += isText(tags[i]) ? textCount : 0;
        }
        textCount += other.textCount;
        size += length;
        rows += to - from;
        return this;
    }

    private static boolean isText(byte tag) {
        return tag == Kind.TEXT.code() || tag == Kind.BYTES.code();
    }

    /** Whether there is a value in that cell. */
    public boolean has(int row, int column) {
        return tags[row * width + column] != NOTHING;
    }

    /** The kind of the value in that cell, which must have one. */
    public Kind kind(int row, int column) {
        return PointBatch.kind(tags[row * width + column]);
    }

    /** {@link Value#scale} of the value in that cell, which must have one. */
    public int scale(int row, int column) {
        return PointBatch.scale(tags[row * width + column]);
    }

    /** {@link Value#word} of the value in that cell, which must be neither text nor bytes. */
    public long word(int row, int column) {
        return words[row * width + column];
    }

    /** The value in that cell; null is nothing. */
    public @Nullable Value value(int row, int column) {
        int at = row * width + column;
        if (tags[at] == NOTHING) {
            return null;
        }
        return isText(tags[at]) ? text(at) : Value.fromColumns(kind(row, column), scale(row, column), words[at], NONE);
    }

    private static final byte[] NONE = {};

    private Value text(int at) {
        return Objects.requireNonNull(texts[(int) words[at]]);
    }

    /**
     * Whether both cells of {@code column} hold nothing or are sure to hold the same; where texts are equal and were
     * put one by one it may be false.
     */
    public boolean same(int row, int other, int column) {
        int a = row * width + column;
        int b = other * width + column;
        return tags[a] == tags[b] && words[a] == words[b];
    }

    /** The cells of a row. */
    public @Nullable Value[] row(int row) {
        @Nullable Value[] cells = new @Nullable Value[width];
        for (int i = 0; i < width; i++) {
            cells[i] = value(row, i);
        }
        return cells;
    }

    /** How many bytes the texts of a row have. */
    public long textBytes(int row) {
        long bytes = 0;
        for (int at = row * width; at < (row + 1) * width; at++) {
            bytes += isText(tags[at]) ? text(at).bytes().length : 0;
        }
        return bytes;
    }
}
