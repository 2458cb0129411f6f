package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.server.commit.Tables;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of 64 series with neighbouring ids; docs/storage-format.md, "Series".
 *
 * <pre>
 *   key      'S'  id / 64 (8, big-endian)
 *   value    packed by Packing, for each id from the least on:
 *     flags    1 byte    1 registered, 2 dropped, 4 has settings; SeriesKind &lt;&lt; 4
 *     and if it is registered:
 *     shared   varint    bytes its name has in common with that of the registered id before
 *     rest     varint length, the other bytes of its name
 *     settings see SettingsCodec, if it has some
 * </pre>
 *
 * Not safe for many threads while it is changed.
 */
final class SeriesBlock {
    static final int SERIES = 64;
    static final int REGISTERED = 1;
    static final int DROPPED = 2;
    static final int HAS_SETTINGS = 4;
    static final int KIND_SHIFT = 4;

    final int[] flags = new int[SERIES];
    private final @Nullable Object[] names = new Object[SERIES];
    final @Nullable SeriesSettings[] settings = new SeriesSettings[SERIES];

    static byte[] key(long block) {
        return ByteBuffer.allocate(9).put(Tables.SERIES).putLong(block).array();
    }

    /** The name of the series in place {@code i}; null if it is not registered. */
    byte @Nullable [] name(int i) {
        return (byte[]) names[i];
    }

    void name(int i, byte @Nullable [] name) {
        names[i] = name;
    }

    byte[] encode() {
        ByteSink out = new ByteSink(4096);
        byte[] before = {};
        for (int i = 0; i < SERIES; i++) {
            out.put(flags[i]);
            byte[] name = name(i);
            if (name == null) {
                continue;
            }
            int shared = Arrays.mismatch(before, name);
            shared = shared < 0 ? name.length : shared;
            out.putVarint(shared).putVarint(name.length - shared).put(name, shared, name.length - shared);
            before = name;
            SeriesSettings own = settings[i];
            if (own != null) {
                SettingsCodec.write(own, out);
            }
        }
        return Packing.pack(out);
    }

    static SeriesBlock decode(byte[] value) {
        SeriesBlock block = new SeriesBlock();
        ByteSource in = Packing.unpack(value);
        byte[] before = {};
        for (int i = 0; i < SERIES; i++) {
            block.flags[i] = in.get();
            if ((block.flags[i] & REGISTERED) == 0) {
                continue;
            }
            int shared = in.count(before.length);
            int rest = in.count(in.remaining());
            byte[] name = Arrays.copyOf(before, shared + rest);
            System.arraycopy(in.array(), in.take(rest), name, shared, rest);
            block.name(i, name);
            before = name;
            if ((block.flags[i] & HAS_SETTINGS) != 0) {
                block.settings[i] = SettingsCodec.read(in);
            }
        }
        return block;
    }
}
