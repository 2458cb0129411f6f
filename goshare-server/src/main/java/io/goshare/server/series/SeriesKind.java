package io.goshare.server.series;

/** What a series' points mean to those who read them. */
public enum SeriesKind {
    /** A reading that may go up and down. */
    GAUGE(0),
    /** A total that only grows, but for resets. */
    COUNTER(1),
    /** What is true from its time on until the next point says otherwise. */
    STATE(2),
    /** Something that happened. */
    EVENT(3);

    private static final SeriesKind[] ALL = values();
    private final int code;

    SeriesKind(int code) {
        this.code = code;
    }

    /** The number on disk, 0 to 3; never changed. */
    public int code() {
        return code;
    }

    public static SeriesKind of(int code) {
        return ALL[code];
    }
}
