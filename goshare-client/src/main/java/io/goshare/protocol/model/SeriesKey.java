package io.goshare.protocol.model;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What names a series: a path and tags sorted by name. Tags are identity and change seldom; a state never goes into a
 * tag.
 *
 * <p>Encoding: the encoded {@link Path}, then for each tag its name 0x00 its value 0x00, escaped like segments.
 */
public record SeriesKey(Path path, SortedMap<String, String> tags) implements Comparable<SeriesKey> {
    public SeriesKey {
        tags = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        tags.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a tag of " + path + " has no name");
            }
        });
    }

    public static SeriesKey of(Path path) {
        return new SeriesKey(path, new TreeMap<>());
    }

    public static SeriesKey of(Path path, Map<String, String> tags) {
        return new SeriesKey(path, new TreeMap<>(tags));
    }

    /** The name's bytes: unique, and ordered by path first. */
    public byte[] encoded() {
        if (tags.isEmpty()) {
            return path.encoded();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(path.encoded());
        tags.forEach((name, value) -> {
            Path.encodeSegment(Text.encode(name), out);
            out.write(0);
            Path.encodeSegment(Text.encode(value), out);
            out.write(0);
        });
        return out.toByteArray();
    }

    /** The key that {@link #encoded} gave. */
    public static SeriesKey decode(byte[] encoded) {
        int end = 2;
        while (encoded[end - 1] != 0 || encoded[end - 2] != 0) {
            end++;
        }
        Path path = Path.decode(Arrays.copyOf(encoded, end));
        if (end == encoded.length) {
            return of(path);
        }
        byte[] rest = Arrays.copyOfRange(encoded, end, encoded.length + 1);
        List<byte[]> parts = Path.decode(rest).segments();
        TreeMap<String, String> tags = new TreeMap<>();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            tags.put(Text.decode(parts.get(i)), Text.decode(parts.get(i + 1)));
        }
        return new SeriesKey(path, tags);
    }

    @Override
    public int compareTo(SeriesKey other) {
        return Arrays.compareUnsigned(encoded(), other.encoded());
    }

    /** {@code path{name=value,…}}. */
    @Override
    public String toString() {
        if (tags.isEmpty()) {
            return path.toString();
        }
        StringBuilder out = new StringBuilder(path.toString()).append('{');
        tags.forEach((name, value) -> out.append(name).append('=').append(value).append(','));
        out.setCharAt(out.length() - 1, '}');
        return out.toString();
    }
}
