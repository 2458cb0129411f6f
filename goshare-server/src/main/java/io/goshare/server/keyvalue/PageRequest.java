package io.goshare.server.keyvalue;

import java.time.Duration;

/**
 * How much one page of a scan may hold. A page ends at the first bound it meets and tells where to go on.
 *
 * @param rows at most
 * @param bytes of keys and values, about; one row always fits
 * @param deadline of {@link System#nanoTime}
 */
public record PageRequest(int rows, long bytes, long deadline) {
    /** A page holds no more, however many rows were asked for. */
    public static final long MAX_BYTES = 8 << 20;

    /** A page takes no longer. */
    public static final Duration MAX_TIME = Duration.ofSeconds(5);

    private static final int LOOKS_AT_CLOCK = 256;

    public PageRequest {
        if (rows < 1) {
            throw new IllegalArgumentException("a page of " + rows + " rows");
        }
    }

    /** A page of {@code rows} within the bounds of every page. */
    public static PageRequest of(int rows) {
        return new PageRequest(rows, MAX_BYTES, System.nanoTime() + MAX_TIME.toNanos());
    }

    /** This page, which must also end within {@code time} from now. */
    public PageRequest within(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return end - deadline < 0 ? new PageRequest(rows, bytes, end) : this;
    }

    /** Counts what a scan sees against the bounds; for one thread. */
    public final class Meter {
        private int seen;
        private int taken;
        private long takenBytes;

        /** Counts a row looked at; false once the time is over. */
        public boolean look() {
            return ++seen % LOOKS_AT_CLOCK != 0 || System.nanoTime() - deadline < 0;
        }

        /** Counts a row taken. */
        public void take(long rowBytes) {
            taken++;
            takenBytes += rowBytes;
        }

        /** Whether another row fits. */
        public boolean hasRoom() {
            return taken < rows && takenBytes < bytes;
        }
    }

    public Meter meter() {
        return new Meter();
    }
}
