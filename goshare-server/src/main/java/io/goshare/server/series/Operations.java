package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.CorruptColumnException;
import io.goshare.protocol.model.TimeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * Operations of series in the log, but for points; docs/storage-format.md, "Log". Each begins with a format byte, 1.
 *
 * <pre>
 *   'r' register   count varint; for each: id varint, SeriesKind (1), name: varint length, bytes
 *   's' settings   ids, then SettingsCodec
 *   'e' erase      from, to: 8 bytes each, little-endian; ids
 *   'x' expire     the same, by retention
 *   'd' drop       ids
 *   ids            varint length, RoaringBitmap (portable format)
 * </pre>
 */
final class Operations {
    static final byte REGISTER = 'r';
    static final byte SETTINGS = 's';
    static final byte POINTS = 'p';
    static final byte ERASE = 'e';
    static final byte EXPIRE = 'x';
    static final byte DROP = 'd';
    static final int FORMAT = 1;

    private Operations() {}

    /** Takes each series of a {@code register}. */
    interface Registered {
        void series(int id, SeriesKind kind, byte[] name);
    }

    static ByteSource open(byte[] payload) {
        ByteSource in = new ByteSource(payload, 0, payload.length);
        if (in.get() != FORMAT) {
            throw new CorruptColumnException("an operation in the log is of an unknown format");
        }
        return in;
    }

    static void register(int id, SeriesKind kind, byte[] name, ByteSink out) {
        out.putVarint(id).put(kind.code()).putVarint(name.length).put(name);
    }

    static void readRegister(byte[] payload, Registered registered) {
        ByteSource in = open(payload);
        for (int left = in.count(in.remaining()); left > 0; left--) {
            int id = in.count(Integer.MAX_VALUE);
            SeriesKind kind = SeriesKind.of(in.get());
            int length = in.count(in.remaining());
            int start = in.take(length);
            registered.series(id, kind, Arrays.copyOfRange(payload, start, start + length));
        }
    }

    static byte[] settings(RoaringBitmap ids, SeriesSettings settings) {
        ByteSink out = new ByteSink();
        out.put(FORMAT);
        writeIds(ids, out);
        SettingsCodec.write(settings, out);
        return out.toByteArray();
    }

    static byte[] erase(RoaringBitmap ids, TimeRange range) {
        ByteSink out = new ByteSink();
        out.put(FORMAT).putLong(range.from()).putLong(range.to());
        writeIds(ids, out);
        return out.toByteArray();
    }

    static TimeRange readRange(ByteSource in) {
        return new TimeRange(in.getLong(), in.getLong());
    }

    static byte[] drop(RoaringBitmap ids) {
        ByteSink out = new ByteSink();
        out.put(FORMAT);
        writeIds(ids, out);
        return out.toByteArray();
    }

    private static void writeIds(RoaringBitmap ids, ByteSink out) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.serializedSizeInBytes());
        ids.serialize(bytes);
        out.putVarint(bytes.capacity()).put(bytes.array());
    }

    static RoaringBitmap readIds(ByteSource in) {
        int length = in.count(in.remaining());
        int start = in.take(length);
        RoaringBitmap ids = new RoaringBitmap();
        try {
            ids.deserialize(ByteBuffer.wrap(Arrays.copyOfRange(in.array(), start, start + length)));
        } catch (IOException e) {
            throw new CorruptColumnException("ids in the log cannot be read: " + e.getMessage());
        }
        return ids;
    }
}
