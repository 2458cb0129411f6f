package io.goshare.protocol.format;

import io.goshare.protocol.Result;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which {@link Result} a reply's bytes are: told beside them, for the bytes of an encoding do not tell by themselves.
 */
public enum ContentKind {
    EMPTY,
    ROWS,
    POINTS,
    SINGLE,
    DOCUMENT;

    public static ContentKind of(Result result) {
        if (result instanceof Result.Rows) {
            return ROWS;
        }
        if (result instanceof Result.Points) {
            return POINTS;
        }
        if (result instanceof Result.Single) {
            return SINGLE;
        }
        return result instanceof Result.Document ? DOCUMENT : EMPTY;
    }

    /** The word on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ContentKind> named(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
