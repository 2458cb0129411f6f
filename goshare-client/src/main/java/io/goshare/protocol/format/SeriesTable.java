package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import java.util.TreeMap;

/**
 * Series of a body whose path and tags come as separate pieces, found again by the bytes of these pieces in the order
 * they were sent. For one thread.
 */
final class SeriesTable {
    private final PointSink sink;
    private final ByteSink path = new ByteSink();
    private final ByteSink tags = new ByteSink();
    private final ByteSink key = new ByteSink();
    private boolean hasPath;

    SeriesTable(PointSink sink) {
        this.sink = sink;
    }

    /** Begins the pieces of the next series. */
    void begin() {
        path.truncate(0);
        tags.truncate(0);
        hasPath = false;
    }

    void path(byte[] text, int offset, int length) {
        path.truncate(0).put(text, offset, length);
        hasPath = true;
    }

    /** A tag's name, and then its value. */
    void tagPart(byte[] text, int offset, int length) {
        tags.putVarint(length).put(text, offset, length);
    }

    void path(String text) {
        byte[] bytes = encode("path", text);
        path(bytes, 0, bytes.length);
    }

    void tagPart(String text) {
        byte[] bytes = encode("tags", text);
        tagPart(bytes, 0, bytes.length);
    }

    private byte[] encode(String field, String text) {
        try {
            return Text.encode(text);
        } catch (IllegalArgumentException e) {
            throw sink.bad(field, e.getMessage());
        }
    }

    /**
     * The index in the batch of the series that the pieces name.
     *
     * @throws io.goshare.protocol.GoShareException INVALID_ROWS if they name none
     */
    int index() {
        if (!hasPath) {
            throw sink.bad("path", "is missing");
        }
        key.truncate(0).putVarint(path.size()).put(path.array(), 0, path.size()).put(tags.array(), 0, tags.size());
        NameTable pieces = sink.known.pieces;
        int known = pieces.find(key.array(), 0, key.size());
        if (known < 0) {
            known = sink.known.number(build().encoded());
            pieces.put(key.array(), 0, key.size(), known);
        }
        return sink.index(known);
    }

    private SeriesKey build() {
        SeriesKey named;
        try {
            named = SeriesText.parse(path.array(), 0, path.size());
        } catch (IllegalArgumentException e) {
            throw sink.bad("path", e.getMessage());
        }
        if (tags.size() == 0) {
            return named;
        }
        TreeMap<String, String> all = new TreeMap<>(named.tags());
        ByteSource parts = new ByteSource(tags.array(), 0, tags.size());
        while (parts.remaining() > 0) {
            String name = part(parts);
            if (all.put(name, part(parts)) != null) {
                throw sink.bad("tags", "has \"" + name + "\" twice");
            }
        }
        try {
            return SeriesKey.of(named.path(), all);
        } catch (IllegalArgumentException e) {
            throw sink.bad("tags", e.getMessage());
        }
    }

    private static String part(ByteSource parts) {
        int length = parts.count(parts.remaining());
        return Text.decode(parts.array(), parts.take(length), length);
    }
}
