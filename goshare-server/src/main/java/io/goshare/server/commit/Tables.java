package io.goshare.server.commit;

/** First bytes of keys in the base store: one table each. docs/storage-format.md draws them all. */
public final class Tables {
    public static final byte META = 'M';
    public static final byte PERIODS = 'P';
    public static final byte KEY_VALUE = 'K';
    public static final byte EXPIRY = 'E';
    public static final byte NAMESPACE = 'N';
    public static final byte HISTORY = 'H';
    public static final byte CHANGES = 'C';
    public static final byte SERIES = 'S';
    public static final byte SERIES_ORDER = 'O';
    public static final byte POSTINGS = 'T';
    public static final byte PRESENCE = 'B';
    public static final byte LAST_KEPT = 'L';
    public static final byte REQUESTS = 'R';
    public static final byte LOG = 'G';

    private Tables() {}

    /** The key {@code table key}. */
    public static byte[] key(byte table, byte[] key) {
        byte[] out = new byte[key.length + 1];
        out[0] = table;
        System.arraycopy(key, 0, out, 1, key.length);
        return out;
    }

    /** The least key behind all that begin with {@code prefix}; null if there is none. */
    public static byte @org.jspecify.annotations.Nullable [] behind(byte[] prefix) {
        int end = prefix.length;
        while (end > 0 && prefix[end - 1] == (byte) 0xff) {
            end--;
        }
        if (end == 0) {
            return null;
        }
        byte[] out = java.util.Arrays.copyOf(prefix, end);
        out[end - 1]++;
        return out;
    }
}
