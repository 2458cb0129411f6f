package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Text;
import java.util.Arrays;

/**
 * Cuts CSV (RFC 4180; LF or CR LF; blank lines are skipped, a byte order mark too) into rows of fields, which stay
 * where they are in the body unless quotes had to be taken out. For one thread.
 */
final class CsvScanner {
    static final int MAX_FIELDS = 1024;

    private final byte[] in;
    private final int end;
    private int at;
    private int fields;
    private byte[][] bytes = new byte[8][];
    private int[] starts = new int[8];
    private int[] lengths = new int[8];
    private boolean[] quoted = new boolean[8];
    private final ByteSink unescaped = new ByteSink();

    CsvScanner(byte[] in, int offset, int length) {
        this.in = in;
        this.at = offset;
        this.end = offset + length;
        if (length >= 3 && in[at] == (byte) 0xEF && in[at + 1] == (byte) 0xBB && in[at + 2] == (byte) 0xBF) {
            at += 3;
        }
    }

    /** Steps over blank lines; false at the end. */
    boolean hasNext() {
        while (at < end && (in[at] == '\n' || in[at] == '\r' && (at + 1 == end || in[at + 1] == '\n'))) {
            at++;
        }
        return at < end;
    }

    /**
     * Cuts the next row.
     *
     * @throws IllegalArgumentException if its quotes are wrong; the next call goes on behind the line
     */
    void next() {
        fields = 0;
        boolean more = true;
        while (more) {
            if (fields == starts.length) {
                grow();
            }
            more = at < end && in[at] == '"' ? quoted() : plain();
        }
    }

    private boolean plain() {
        int start = at;
        int i = at;
        while (i < end && in[i] != ',' && in[i] != '\n') {
            i++;
        }
        boolean more = i < end && in[i] == ',';
        int stop = !more && i > start && in[i - 1] == '\r' ? i - 1 : i;
        field(in, start, stop - start, false);
        at = Math.min(i + 1, end);
        if (more && at == end) {
            field(in, end, 0, false);
            return false;
        }
        return more;
    }

    private boolean quoted() {
        int start = at + 1;
        int i = start;
        boolean doubled = false;
        while (true) {
            while (i < end && in[i] != '"') {
                i++;
            }
            if (i >= end) {
                at = end;
                throw new IllegalArgumentException("a quote is not closed");
            }
            if (i + 1 == end || in[i + 1] != '"') {
                break;
            }
            doubled = true;
            i += 2;
        }
        if (doubled) {
            byte[] made = withoutDoubles(start, i);
            field(made, 0, made.length, true);
        } else {
            field(in, start, i - start, true);
        }
        return behindQuote(i + 1);
    }

    private boolean behindQuote(int from) {
        int i = from < end && in[from] == '\r' ? from + 1 : from;
        if (i >= end || in[i] == '\n') {
            at = Math.min(i + 1, end);
            return false;
        }
        if (in[i] != ',' || i != from) {
            while (i < end && in[i] != '\n') {
                i++;
            }
            at = Math.min(i + 1, end);
            throw new IllegalArgumentException("behind a closing quote stands neither a comma nor the line's end");
        }
        at = i + 1;
        if (at == end) {
            if (fields == starts.length) {
                grow();
            }
            field(in, end, 0, false);
            return false;
        }
        return true;
    }

    private byte[] withoutDoubles(int from, int to) {
        unescaped.truncate(0);
        for (int i = from; i < to; i++) {
            unescaped.put(in[i]);
            i += in[i] == '"' ? 1 : 0;
        }
        return unescaped.toByteArray();
    }

    private void field(byte[] where, int start, int length, boolean wasQuoted) {
        if (fields == starts.length) {
            grow();
        }
        bytes[fields] = where;
        starts[fields] = start;
        lengths[fields] = length;
        quoted[fields++] = wasQuoted;
    }

    private void grow() {
        if (fields >= MAX_FIELDS) {
            while (at < end && in[at] != '\n') {
                at++;
            }
            throw new IllegalArgumentException("a row has more than " + MAX_FIELDS + " fields");
        }
        int room = fields * 2;
        bytes = Arrays.copyOf(bytes, room);
        starts = Arrays.copyOf(starts, room);
        lengths = Arrays.copyOf(lengths, room);
        quoted = Arrays.copyOf(quoted, room);
    }

    /** Fields of the row that {@link #next} cut. */
    int fields() {
        return fields;
    }

    byte[] bytes(int field) {
        return bytes[field];
    }

    int start(int field) {
        return starts[field];
    }

    int length(int field) {
        return lengths[field];
    }

    boolean quoted(int field) {
        return quoted[field];
    }

    String text(int field) {
        return Text.decode(bytes[field], starts[field], lengths[field]);
    }

    byte[] copy(int field) {
        return Arrays.copyOfRange(bytes[field], starts[field], starts[field] + lengths[field]);
    }
}
