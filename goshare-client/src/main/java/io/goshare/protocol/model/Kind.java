package io.goshare.protocol.model;

/**
 * The type of a {@link Value}, and the letter CSV names it by. A number with digits after the point is one of two
 * spellings of float64: a decimal remembers its digits, a float is the bits of a double.
 */
public enum Kind {
    /** IEEE 754 binary64; the word holds its raw bits. */
    FLOAT('f'),
    /** A float64 written as mantissa / 10^scale; the word holds the mantissa. */
    DECIMAL('f'),
    /** int64; the word holds it. */
    INTEGER('i'),
    /** The word holds 0 or 1. */
    BOOLEAN('b'),
    /** Text: UTF-8, and kept byte for byte where it is not. */
    TEXT('t'),
    /** Bytes. */
    BYTES('x');

    private static final Kind[] ALL = values();
    private final char letter;

    Kind(char letter) {
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

    public static Kind of(int ordinal) {
        return ALL[ordinal];
    }
}
