package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import java.util.Arrays;

/** Questions about single cells of point columns. */
final class Columns {
    private static final int KIND = 7;

    private Columns() {}

    static boolean isBytes(byte tag) {
        return (tag & KIND) >= Kind.TEXT.code();
    }

    /** Whether two cells hold the very same value, digits included. */
    static boolean same(Points a, int rowA, Points b, int rowB) {
        byte tag = a.tags()[rowA];
        if (tag != b.tags()[rowB]) {
            return false;
        }
        long wordA = a.words()[rowA];
        long wordB = b.words()[rowB];
        if (!isBytes(tag)) {
            return wordA == wordB;
        }
        int startA = (int) (wordA >>> 32);
        int startB = (int) (wordB >>> 32);
        return Arrays.equals(a.heap(), startA, startA + (int) wordA, b.heap(), startB, startB + (int) wordB);
    }
}
