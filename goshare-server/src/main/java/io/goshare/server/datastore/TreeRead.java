package io.goshare.server.datastore;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Timedot;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.keyvalue.PageRequest;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.NamespaceValue;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesFilter;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the first GoShare finds at a key and below: namespace values, points of series at or below it, and, where the
 * key ends in one to seven parts of a timedot, the points of that span of the series before it.
 */
final class TreeRead {
    private static final int QUICK_ROWS = 100;
    private static final long QUICK_NANOS = 60_000_000_000L;
    /** The reply stands in memory whole. */
    private static final long MAX_BYTES = 256 << 20;

    private final NamespaceStore namespace;
    private final SeriesStore series;
    private final Table table;
    private final boolean quickly;
    private long bytes;

    /** @param quickly whether to give up where it may take more than a few milliseconds */
    TreeRead(NamespaceStore namespace, SeriesStore series, Table table, boolean quickly) {
        this.namespace = namespace;
        this.series = series;
        this.table = table;
        this.quickly = quickly;
    }

    /** A series and the span of it that a key names. */
    record Span(SeriesFilter filter, TimeRange range) {}

    /** The spans that the last segments of {@code key} may name. */
    static List<Span> spans(Path key) {
        List<Span> spans = new ArrayList<>();
        List<byte[]> segments = key.segments();
        for (int parts = 1; parts <= Timedot.PARTS && parts < segments.size(); parts++) {
            int start = segments.size() - parts;
            long[] prefix = new long[parts];
            for (int i = 0; i < parts; i++) {
                prefix[i] = canonical(segments.get(start + i));
            }
            Path path = Path.of(segments.subList(0, start));
            Timedot.span(prefix).ifPresent(range -> spans.add(new Span(SeriesFilter.of(SeriesKey.of(path)), range)));
        }
        return spans;
    }

    /** The number that {@code text} is without padding, or -1, which no part of a timedot is. */
    private static long canonical(byte[] text) {
        if (text.length == 0 || text.length > 9 || text.length > 1 && text[0] == '0') {
            return -1;
        }
        long number = 0;
        for (byte b : text) {
            if (b < '0' || b > '9') {
                return -1;
            }
            number = number * 10 + (b - '0');
        }
        return number;
    }

    /** Series at and below {@code path} without tags: all that the first GoShare could have. */
    static SeriesFilter untagged(Path path) {
        return new Untagged(path);
    }

    private record Untagged(Path path) implements SeriesFilter {
        @Override
        public byte[] prefix() {
            return path.subtreePrefix();
        }

        @Override
        public boolean matches(SeriesKey key) {
            return key.tags().isEmpty() && path.contains(key.path());
        }
    }

    /** Adds what is found at {@code key}; false if that gave up. */
    boolean add(Path key) {
        if (!addValues(key) || !addPoints(untagged(key), TimeRange.ALL)) {
            return false;
        }
        for (Span span : spans(key)) {
            if (!addPoints(span.filter, span.range)) {
                return false;
            }
        }
        return true;
    }

    private boolean addValues(Path key) {
        Optional<byte[]> from = Optional.empty();
        do {
            PageRequest request = PageRequest.of(quickly ? QUICK_ROWS : 10_000);
            Page<NamespaceValue> page = namespace.subtree(Optional.of(key), OptionalLong.empty(), from, request);
            from = page.next();
            if (quickly && from.isPresent()) {
                return false;
            }
            for (NamespaceValue value : page.rows()) {
                byte[] name = value.path().classicKey();
                count(name.length + value.value().bytes().length);
                ClassicCommands.add(table, name, value.value());
            }
        } while (from.isPresent());
        return true;
    }

    private boolean addPoints(SeriesFilter filter, TimeRange range) {
        try (SeriesView view = series.view(filter, range)) {
            boolean isLong = range.to() - range.from() < 0 || range.to() - range.from() > QUICK_NANOS;
            if (quickly && view.size() > 0 && (isLong || view.size() > 1)) {
                return false;
            }
            for (int i = 0; i < view.size(); i++) {
                byte[] name = ClassicCommands.joined(view.series(i).key().path().classicKey(), new byte[] {':'});
                Points points = view.read(i);
                for (int row = 0; row < points.count(); row++) {
                    byte[] time = Timedot.print(points.times()[row]).getBytes(StandardCharsets.US_ASCII);
                    count(name.length + 48L);
                    ClassicCommands.add(table, ClassicCommands.joined(name, time), points.value(row));
                }
            }
        }
        return true;
    }

    private void count(long more) {
        bytes += more;
        if (bytes > MAX_BYTES) {
            throw new GoShareException(
                    ErrorCode.BUDGET,
                    "the read finds more than " + (MAX_BYTES >> 20)
                            + " MiB; read shorter spans, or use query, which pages");
        }
    }
}
