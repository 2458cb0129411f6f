package io.goshare.protocol.model;

import org.jspecify.annotations.Nullable;

/**
 * The encoded name of a series, as an object that parsers hand out again when the series is named again. A store may
 * note on it what it found, so that it need not look for the name the next time. Safe for many threads.
 */
public final class SeriesName {
    private final byte[] encoded;

    private volatile @Nullable Object note;

    /** @param encoded {@link SeriesKey#encoded}, which is not to be changed any more */
    public SeriesName(byte[] encoded) {
        this.encoded = encoded;
    }

    /** Not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    /** What a store noted last: its own or another one's, which the reader must tell apart; null before that. */
    public @Nullable Object note() {
        return note;
    }

    /** Notes something in place of what was noted before. It lives as long as the name does. */
    public void note(Object found) {
        note = found;
    }
}
