package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.RowVisitor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subtree cut off whole: values in it that were opened before end at once, their rows follow in slices;
 * docs/storage-format.md, "Cuts". The row stands from the cut until its last slice.
 *
 * <pre>
 *   key      'M'  "cut" 0x00  revision (8)  path (encoded)      integers big-endian
 *   value    format (1) = 1,  time (8) nanoseconds since 1970
 * </pre>
 *
 * @param time of the cut; see {@link #endOf}
 */
record Cut(long revision, long time, Path root) {
    /** Operation in the log; its payload is time (8) and path (encoded). */
    static final byte OPERATION = 'c';

    private static final byte FORMAT = 1;
    private static final byte[] NAME = "cut\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 1 + NAME.length + 8;

    /** {@code [from, to)} of a scan. */
    @FunctionalInterface
    interface Scan {
        void scan(byte[] from, byte @Nullable [] to, RowVisitor rows);
    }

    byte[] key() {
        byte[] path = root.encoded();
        return ByteBuffer.allocate(HEADER + path.length)
                .put(Tables.META)
                .put(NAME)
                .putLong(revision)
                .put(path)
                .array();
    }

    byte[] encode() {
        return ByteBuffer.allocate(9).put(FORMAT).putLong(time).array();
    }

    byte[] payload() {
        byte[] path = root.encoded();
        return ByteBuffer.allocate(8 + path.length).putLong(time).put(path).array();
    }

    /** All cuts that are not wholly in place, oldest first. */
    static List<Cut> all(Scan rows) {
        byte[] prefix = Tables.key(Tables.META, NAME);
        List<Cut> cuts = new ArrayList<>();
        rows.scan(prefix, Tables.behind(prefix), (key, value) -> {
            ByteBuffer in = ByteBuffer.wrap(value);
            if (value.length != 9 || in.get() != FORMAT) {
                throw new EngineException(
                        EngineException.Reason.DAMAGED, "a cut's row is not of format " + FORMAT + "; run verify");
            }
            long revision = ByteBuffer.wrap(key).getLong(HEADER - 8);
            cuts.add(new Cut(revision, in.getLong(), Path.decode(Arrays.copyOfRange(key, HEADER, key.length))));
            return true;
        });
        return cuts;
    }

    /** The cut that ended {@code row} of {@code path}, if one did: the first after it was opened. */
    static Optional<Cut> of(List<Cut> cuts, byte[] path, CurrentRow row) {
        for (Cut cut : cuts) {
            if (cut.revision > row.opened() && cut.covers(path)) {
                return Optional.of(cut);
            }
        }
        return Optional.empty();
    }

    private boolean covers(byte[] path) {
        byte[] own = root.encoded();
        int prefix = own.length - 1;
        return path.length > prefix && Arrays.equals(path, 0, prefix, own, 0, prefix);
    }

    /** When a value that holds since {@code since} ended by it. */
    long endOf(long since) {
        return Math.max(time, since + 1);
    }
}
