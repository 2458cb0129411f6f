package io.goshare.protocol.format;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import java.util.Arrays;

/** Names of series in their key form ({@link SeriesKey#encoded}), which only programs send. */
final class EncodedNames {
    private EncodedNames() {}

    /**
     * The key of an encoded name, checked to be the one encoding of a legal name.
     *
     * @throws IllegalArgumentException if it is not
     */
    static SeriesKey check(byte[] name) {
        int end = pathEnd(name);
        if (end > Path.MAX_BYTES + 2) {
            throw new IllegalArgumentException("has a path of more than " + Path.MAX_BYTES + " bytes");
        }
        for (int i = 0; i < name.length; i++) {
            if (name[i] == 1 && (++i == name.length || name[i] < 1 || name[i] > 3)) {
                throw new IllegalArgumentException("is no encoded name");
            }
        }
        if (name.length > end && name[name.length - 1] != 0) {
            throw new IllegalArgumentException("is no encoded name");
        }
        SeriesKey key = SeriesKey.decode(name);
        SeriesKey again = SeriesKey.of(Path.of(key.path().segments()), key.tags());
        if (!Arrays.equals(again.encoded(), name)) {
            throw new IllegalArgumentException("is no encoded name");
        }
        if (key.path().depth() > Path.MAX_SEGMENTS) {
            throw new IllegalArgumentException("has a path of more than " + Path.MAX_SEGMENTS + " segments");
        }
        return key;
    }

    /** Where the path's encoding ends, both of its last 0x00 before it. */
    static int pathEnd(byte[] name) {
        for (int end = 3; end <= name.length; end++) {
            if (name[end - 1] == 0 && name[end - 2] == 0) {
                return end;
            }
        }
        throw new IllegalArgumentException("is no encoded name");
    }

    /** Where the path's last segment begins. */
    static int lastSegment(byte[] name, int pathEnd) {
        int start = pathEnd - 2;
        while (start > 0 && name[start - 1] != 0) {
            start--;
        }
        return start;
    }
}
