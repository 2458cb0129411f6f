package io.goshare.protocol.column;

/** Appends bits to a sink, the first to the lowest bit of a byte. {@link #finish} fills the last byte with zeros. */
final class BitWriter {
    private final ByteSink out;
    private long word;
    private int used;

    BitWriter(ByteSink out) {
        this.out = out;
    }

    /** The low {@code width} bits of {@code bits}, 0 to 64; those above must be 0. */
    void put(long bits, int width) {
        word |= bits << used;
        int total = used + width;
        if (total >= 64) {
            out.putLong(word);
            word = used == 0 ? 0 : bits >>> 64 - used;
            total -= 64;
        }
        used = total;
    }

    void finish() {
        for (int i = 0; i < used; i += 8) {
            out.put((int) (word >>> i));
        }
        word = 0;
        used = 0;
    }
}
