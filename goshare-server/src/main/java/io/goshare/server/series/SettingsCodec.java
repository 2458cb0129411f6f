package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.model.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Settings of a series as bytes.
 *
 * <pre>
 *   kind          1 byte    SeriesKind
 *   unit          varint length, UTF-8
 *   strict        1 byte    0 any, else 1 + code of the kind
 *   change only   1 byte    0 or 1
 *   stale after   varint    nanoseconds
 * </pre>
 */
final class SettingsCodec {
    private SettingsCodec() {}

    static void write(SeriesSettings settings, ByteSink out) {
        byte[] unit = settings.unit().getBytes(StandardCharsets.UTF_8);
        out.put(settings.kind().code()).putVarint(unit.length).put(unit);
        out.put(settings.strict().map(kind -> 1 + kind.code()).orElse(0));
        out.put(settings.changeOnly() ? 1 : 0).putVarint(settings.staleAfterNanos());
    }

    static SeriesSettings read(ByteSource in) {
        SeriesKind kind = SeriesKind.of(in.get());
        int length = in.count(in.remaining());
        String unit = new String(in.array(), in.take(length), length, StandardCharsets.UTF_8);
        int strict = in.get();
        boolean changeOnly = in.get() == 1;
        Optional<Kind> only = strict == 0 ? Optional.empty() : Optional.of(Kind.of(strict - 1));
        return new SeriesSettings(kind, unit, only, changeOnly, in.varint());
    }
}
