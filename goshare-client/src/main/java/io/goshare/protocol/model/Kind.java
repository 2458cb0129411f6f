package io.goshare.protocol.model;

/**
 * The type of a {@link Value}, and the letter CSV names it by. A number with digits after the point is one of two
 * spellings of float64: a decimal remembers its digits, a float is the bits of a double.
 */
public enum Kind {
    /** IEEE 754 binary64; the word holds its raw bits. */
    FLOAT(0, 'f'),
    /** A float64 written as mantissa / 10^scale; the word holds the mantissa. */
    DECIMAL(1, 'f'),
    /** int64; the word holds it. */
    INTEGER(2, 'i'),
    /** The word holds 0 or 1. */
    BOOLEAN(3, 'b'),
    /** Text: UTF-8, and kept byte for byte where it is not. */
    TEXT(4, 't'),
    /** Bytes. */
    BYTES(5, 'x');

    private static final Kind[] ALL = values();
    private final int code;
    private final char letter;

    Kind(int code, char letter) {
        this.code = code;
        this.letter = letter;
    }

    /** {@code f i b t x}. */
    public char letter() {
        return letter;
    }

    public boolean isNumber() {
        return this == FLOAT || this == DECIMAL || this == INTEGER;
    }

    /** Whether the value's content is bytes rather than a word. */
    public boolean isBytes() {
        return this == TEXT || this == BYTES;
    }

    /** The number that stands for it in bytes on disk and wire, 0 to 5; never changed. */
    public int code() {
        return code;
    }

    /**
     * The kind of a {@link #code}.
     *
     * @throws ArrayIndexOutOfBoundsException if there is none
     */
    public static Kind of(int code) {
        return ALL[code];
    }
}
