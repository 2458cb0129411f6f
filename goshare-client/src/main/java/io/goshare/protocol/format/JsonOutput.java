package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Writes what {@link JsonInput} reads. Text that is no UTF-8 shows U+FFFD where it is not. */
final class JsonOutput {
    private static final String HEX = "0123456789abcdef";

    private JsonOutput() {}

    static void ascii(String text, ByteSink out) {
        out.putAscii(text);
    }

    static void string(String text, ByteSink out) {
        if (isPlain(text)) {
            out.put('"');
            ascii(text, out);
        } else {
            byte[] bytes = Text.shown(text).getBytes(StandardCharsets.UTF_8);
            out.put('"');
            characters(bytes, 0, bytes.length, out);
        }
        out.put('"');
    }

    /** Whether {@code text} is ASCII that stands in JSON as it is. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || isEscaped((byte) c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscaped(byte b) {
        return b >= 0 && b < 0x20 || b == '"' || b == '\\';
    }

    private static void text(byte[] bytes, int offset, int length, ByteSink out) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                string(Text.decode(bytes, offset, length), out);
                return;
            }
        }
        out.put('"');
        characters(bytes, offset, length, out);
        out.put('"');
    }

    private static void characters(byte[] bytes, int offset, int length, ByteSink out) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (isEscaped(bytes[i])) {
                out.put(bytes, from, i - from);
                escaped(bytes[i], out);
                from = i + 1;
            }
        }
        out.put(bytes, from, offset + length - from);
    }

    private static void escaped(byte b, ByteSink out) {
        if (b == '"' || b == '\\') {
            out.put('\\').put(b);
        } else if (b == '\n') {
            out.put('\\').put('n');
        } else {
            ascii("\\u00", out);
            out.put(HEX.charAt(b >> 4)).put(HEX.charAt(b & 15));
        }
    }

    static void value(Value value, ByteSink out) {
        value(value.kind(), value.scale(), value.word(), value.bytes(), 0, value.bytes().length, out);
    }

    static void value(PointBatch batch, int row, ByteSink out) {
        byte tag = batch.tags()[row];
        long word = batch.words()[row];
        value(PointBatch.kind(tag), PointBatch.scale(tag), word, batch.heap(), (int) (word >>> 32), (int) word, out);
    }

    private static void value(Kind kind, int scale, long word, byte[] bytes, int offset, int length, ByteSink out) {
        switch (kind) {
            case INTEGER -> NumberText.printInteger(word, out);
            case DECIMAL -> {
                NumberText.printDecimal(word, scale, out);
                if (scale == 0) {
                    ascii(".0", out);
                }
            }
            case FLOAT -> {
                String text = NumberText.printFloat(word);
                boolean finite = Double.isFinite(Double.longBitsToDouble(word));
                ascii(finite ? text : "{\"$f\":\"" + text + "\"}", out);
            }
            case BOOLEAN -> ascii(word == 1 ? "true" : "false", out);
            case TEXT -> text(bytes, offset, length, out);
            case BYTES -> {
                byte[] piece = Arrays.copyOfRange(bytes, offset, offset + length);
                ascii("{\"$x\":\"" + Base64.getEncoder().encodeToString(piece) + "\"}", out);
            }
        }
    }

    /** Null for the time that the server is to fill in. */
    static void time(long nanos, WriteOptions.Times times, ByteSink out) {
        if (nanos == PointBatch.NO_TIME) {
            ascii("null", out);
            return;
        }
        boolean quoted =
                times == WriteOptions.Times.RFC3339 || times == WriteOptions.Times.NS && TimeText.needsUnit(nanos);
        if (quoted) {
            out.put('"');
        }
        Csv.time(nanos, times, out);
        if (quoted) {
            out.put('"');
        }
    }
}
