package io.goshare.protocol.model;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in the namespace: one or more segments of any bytes, written {@code a:b:c}. Ordered as its encoding, so that
 * a path stands before all below it and these stand together.
 *
 * <p>Encoding, docs/storage-format.md, "Paths":
 *
 * <pre>
 *   segment (0x00 segment)* 0x00 0x00
 *   in a segment: 0x00 is 0x01 0x03, 0x01 is 0x01 0x02; an empty segment is 0x01 0x01
 * </pre>
 */
public final class Path implements Comparable<Path> {
    /** Most bytes of a path on the new surface. */
    public static final int MAX_BYTES = 4096;
    /** Most segments of a path on the new surface. */
    public static final int MAX_SEGMENTS = 64;

    private final byte[] encoded;
    private @Nullable String text; // made when it is first asked for

    private Path(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * Reads {@code a:b:c}, where a backslash takes the next character as it is.
     *
     * @throws IllegalArgumentException if it is longer than the new surface allows, or ends in a lone backslash
     */
    public static Path parse(String text) {
        List<byte[]> segments = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                segments.add(Text.encode(segment.toString()));
                segment.setLength(0);
            } else if (c == '\\') {
                if (++i == text.length()) {
                    throw new IllegalArgumentException("path ends in a lone backslash; write \\\\ for one");
                }
                segment.append(text.charAt(i));
            } else {
                segment.append(c);
            }
        }
        segments.add(Text.encode(segment.toString()));
        return limited(of(segments));
    }

    private static Path limited(Path path) {
        if (path.encoded.length > MAX_BYTES + 2) {
            throw new IllegalArgumentException("path has more than " + MAX_BYTES + " bytes");
        }
        if (path.depth() > MAX_SEGMENTS) {
            throw new IllegalArgumentException("path has more than " + MAX_SEGMENTS + " segments");
        }
        return path;
    }

    /** Reads a key of the first GoShare: segments are the bytes between colons, nothing is escaped, no limit. */
    public static Path classic(byte[] key) {
        List<byte[]> segments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= key.length; i++) {
            if (i == key.length || key[i] == ':') {
                segments.add(Arrays.copyOfRange(key, start, i));
                start = i + 1;
            }
        }
        return of(segments);
    }

    /** The path of {@code segments}, at least one. */
    public static Path of(List<byte[]> segments) {
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one segment");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] segment : segments) {
            encodeSegment(segment, out);
            out.write(0);
        }
        out.write(0);
        return new Path(out.toByteArray());
    }

    /** Writes {@code segment} as it stands in an encoded path, without the 0x00 behind it. */
    public static void encodeSegment(byte[] segment, ByteArrayOutputStream out) {
        if (segment.length == 0) {
            out.write(1);
            out.write(1);
        }
        for (byte b : segment) {
            if (b == 0 || b == 1) {
                out.write(1);
                out.write(b == 0 ? 3 : 2);
            } else {
                out.write(b);
            }
        }
    }

    /** The path that {@link #encoded} gave. */
    public static Path decode(byte[] encoded) {
        int n = encoded.length;
        if (n < 3 || encoded[n - 1] != 0 || encoded[n - 2] != 0) {
            throw new IllegalArgumentException("not an encoded path: " + n + " bytes");
        }
        return new Path(encoded);
    }

    /** The key bytes. Do not change them. */
    public byte[] encoded() {
        return encoded;
    }

    /**
     * The bytes with which the encodings of this path's descendants, and of no other path, begin: the encoding without
     * its last 0x00. The path's own encoding begins with them too.
     */
    public byte[] subtreePrefix() {
        return Arrays.copyOf(encoded, encoded.length - 1);
    }

    public List<byte[]> segments() {
        List<byte[]> segments = new ArrayList<>();
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length - 1; i++) {
            byte b = encoded[i];
            if (b == 0) {
                segments.add(segment.toByteArray());
                segment.reset();
            } else if (b == 1) {
                byte next = encoded[++i];
                if (next != 1) {
                    segment.write(next == 3 ? 0 : 1);
                }
            } else {
                segment.write(b);
            }
        }
        return segments;
    }

    public int depth() {
        int depth = 0;
        for (int i = 0; i < encoded.length - 1; i++) {
            depth += encoded[i] == 0 ? 1 : 0;
        }
        return depth;
    }

    /** This path with {@code segment} below it. */
    public Path child(byte[] segment) {
        List<byte[]> all = segments();
        all.add(segment);
        return of(all);
    }

    /** This path with all of {@code below} behind it. */
    public Path resolve(Path below) {
        byte[] joined = Arrays.copyOf(encoded, encoded.length - 1 + below.encoded.length);
        System.arraycopy(below.encoded, 0, joined, encoded.length - 1, below.encoded.length);
        return new Path(joined);
    }

    /** Whether {@code other} is this path or stands below it. */
    public boolean contains(Path other) {
        int prefix = encoded.length - 1;
        return other.encoded.length >= encoded.length && Arrays.equals(encoded, 0, prefix, other.encoded, 0, prefix);
    }

    /** The bytes of the first GoShare's key: segments joined by colons, nothing escaped. */
    public byte[] classicKey() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<byte[]> segments = segments();
        for (int i = 0; i < segments.size(); i++) {
            if (i > 0) {
                out.write(':');
            }
            out.writeBytes(segments.get(i));
        }
        return out.toByteArray();
    }

    @Override
    public int compareTo(Path other) {
        return Arrays.compareUnsigned(encoded, other.encoded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path path && Arrays.equals(encoded, path.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** {@code a:b:c} with what a selector or path would read otherwise behind a backslash; {@link #parse} reads it. */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = print();
            text = known;
        }
        return known;
    }

    private String print() {
        StringBuilder out = new StringBuilder();
        List<byte[]> segments = segments();
        for (int i = 0; i < segments.size(); i++) {
            if (i > 0) {
                out.append(':');
            }
            String segment = Text.decode(segments.get(i));
            for (int j = 0; j < segment.length(); j++) {
                char c = segment.charAt(j);
                if (":\\*?{}()|@/".indexOf(c) >= 0 && (j == 0 || (c != '@' && c != '/'))) {
                    out.append('\\');
                }
                out.append(c);
            }
        }
        return out.toString();
    }
}
