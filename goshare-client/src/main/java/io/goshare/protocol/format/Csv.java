package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** How fields of CSV are written: quoted where RFC 4180 or a reader needs it, LF behind each row, bytes as they are. */
final class Csv {
    private Csv() {}

    static void field(byte[] text, int offset, int length, boolean quote, ByteSink out) {
        if (!quote && !needsQuotes(text, offset, length)) {
            out.put(text, offset, length);
            return;
        }
        out.put('"');
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == '"') {
                out.put('"');
            }
            out.put(text[i]);
        }
        out.put('"');
    }

    private static boolean needsQuotes(byte[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = text[i];
            if (b == ',' || b == '"' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return length > 0 && (text[offset] == ' ' || text[offset + length - 1] == ' ');
    }

    /** A value as its type's letter declares it; empty text is {@code ""}. */
    static void value(Value value, ByteSink out) {
        switch (value.kind()) {
            case INTEGER -> NumberText.printInteger(value.word(), out);
            case DECIMAL -> NumberText.printDecimal(value.word(), value.scale(), out);
            case TEXT -> field(value.bytes(), 0, value.bytes().length, value.bytes().length == 0, out);
            default -> out.put(plain(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    static void value(PointBatch batch, int row, ByteSink out) {
        long word = batch.words()[row];
        switch (PointBatch.kind(batch.tags()[row])) {
            case INTEGER -> NumberText.printInteger(word, out);
            case DECIMAL -> NumberText.printDecimal(word, PointBatch.scale(batch.tags()[row]), out);
            case TEXT -> field(batch.heap(), (int) (word >>> 32), (int) word, (int) word == 0, out);
            default -> out.put(plain(batch.value(row)).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String plain(Value value) {
        return switch (value.kind()) {
            case FLOAT -> NumberText.printFloat(value.word());
            case BYTES -> Base64.getEncoder().encodeToString(value.bytes());
            default -> value.asText();
        };
    }

    static void time(long nanos, WriteOptions.Times times, ByteSink out) {
        if (times == WriteOptions.Times.RFC3339) {
            TimeText.print(nanos, out);
        } else if (times == WriteOptions.Times.NS) {
            NumberText.printInteger(nanos, out);
            if (TimeText.needsUnit(nanos)) {
                out.put('n').put('s');
            }
        } else {
            NumberText.printInteger(Math.floorDiv(nanos, unit(times).toNanos(1)), out);
        }
    }

    static TimeUnit unit(WriteOptions.Times times) {
        return switch (times) {
            case NS, RFC3339 -> TimeUnit.NANOSECONDS;
            case US -> TimeUnit.MICROSECONDS;
            case MS -> TimeUnit.MILLISECONDS;
            case S -> TimeUnit.SECONDS;
        };
    }
}
