package io.goshare.server.series;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The table of periods, which is the truth about the stores of a data directory; docs/storage-format.md, "Periods".
 * Safe for many threads.
 *
 * <pre>
 *   key      'P'  from (8, nanoseconds since 1970, sign bit flipped, big-endian)
 *   value    format (1) = 1, to (8), uuid of the store (16), state (1) = 0 open, 1 gone; name of the store (UTF-8)
 * </pre>
 *
 * A period that was promised to accepted points has no row yet; it gets one before its store is made.
 */
final class Periods {
    static final int MOST = 1024;
    static final int MOST_NEW = 128;

    private static final byte FORMAT = 1;
    private static final byte OPEN = 0;
    private static final byte GONE = 1;

    private final StorageEngine base;
    private final PeriodLength length;
    private final NavigableMap<Long, Period> rows = new TreeMap<>();
    private final NavigableMap<Long, TimeRange> promised = new TreeMap<>();
    private final List<Period> leftOver = new ArrayList<>();

    private Periods(StorageEngine base, PeriodLength length) {
        this.base = base;
        this.length = length;
    }

    static Periods open(StorageEngine base, PeriodLength length) {
        Periods periods = new Periods(base, length);
        byte[] table = {Tables.PERIODS};
        base.scan(null, table, Tables.behind(table), (key, value) -> {
            ByteBuffer in = ByteBuffer.wrap(value);
            if (in.get() != FORMAT) {
                throw new EngineException(EngineException.Reason.DAMAGED, "a period's row is of an unknown format");
            }
            long from = ByteBuffer.wrap(key).getLong(1) ^ Long.MIN_VALUE;
            TimeRange span = new TimeRange(from, in.getLong());
            UUID uuid = new UUID(in.getLong(), in.getLong());
            boolean open = in.get() == OPEN;
            String store = new String(value, in.position(), in.remaining(), StandardCharsets.UTF_8);
            Period period = new Period(span, store, uuid);
            if (open) {
                periods.rows.put(from, period);
            } else {
                periods.leftOver.add(period);
            }
            return true;
        });
        return periods;
    }

    /** Those that were gone when the table was read, whose stores may not be deleted yet. */
    List<Period> leftOver() {
        return List.copyOf(leftOver);
    }

    /** Marks {@code period} as gone once {@code batch} is written: its store is to be deleted. */
    void gone(Period period, WriteBatch batch) {
        batch.put(key(period), value(period, GONE));
    }

    /** Takes {@code period} out of memory; a later point makes another in its place. While no read starts. */
    synchronized void remove(Period period) {
        rows.remove(period.from());
    }

    /** Deletes the row of a period that is gone, as its store is; unless another took its place. */
    synchronized void forget(Period period) {
        if (!rows.containsKey(period.from())) {
            WriteBatch batch = new WriteBatch().givingSpaceBack();
            batch.delete(key(period));
            base.write(batch);
        }
    }

    synchronized List<Period> all() {
        return new ArrayList<>(rows.values());
    }

    /** Periods with a row that hold times of {@code range}, in time order. */
    synchronized List<Period> in(TimeRange range) {
        List<Period> found = new ArrayList<>();
        for (Period period : rows.values()) {
            if (period.from() < range.to() && period.to() > range.from()) {
                found.add(period);
            }
        }
        return found;
    }

    /**
     * Makes sure that points of these times have a place once they leave memory.
     *
     * @param emptied periods that do not count, as they hold no points any more
     * @throws GoShareException {@code invalid_rows} if that takes more than 128 new periods, or more than 1,024 in all
     */
    void promise(long[] times, int count, int emptied) {
        promise(times, count, MOST_NEW, MOST + emptied);
    }

    /** Makes sure of it for points that were accepted before, whatever went since. */
    void promiseAgain(long[] times, int count) {
        promise(times, count, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private synchronized void promise(long[] times, int count, int mostNew, int most) {
        TimeRange known = new TimeRange(0, 0);
        NavigableMap<Long, TimeRange> added = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            if (known.contains(times[i])) {
                continue;
            }
            Optional<TimeRange> span = spanOf(times[i], added);
            known = span.orElseGet(() -> new TimeRange(0, 0));
            if (span.isEmpty()) {
                known = cut(times[i], added);
                added.put(known.from(), known);
                if (added.size() > mostNew || added.size() + rows.size() + promised.size() > most) {
                    throw new GoShareException(
                            ErrorCode.INVALID_ROWS,
                            "the times of the batch spread over more than " + MOST_NEW + " new periods, or over more"
                                    + " than " + MOST + " with those there are; is their unit right? Else send fewer"
                                    + " at once, or choose longer periods",
                            "time",
                            i + 1L,
                            null);
                }
            }
        }
        promised.putAll(added);
    }

    private Optional<TimeRange> spanOf(long time, NavigableMap<Long, TimeRange> added) {
        Map.Entry<Long, Period> row = rows.floorEntry(time);
        if (row != null && row.getValue().span().contains(time)) {
            return Optional.of(row.getValue().span());
        }
        for (NavigableMap<Long, TimeRange> spans : List.of(promised, added)) {
            Map.Entry<Long, TimeRange> span = spans.floorEntry(time);
            if (span != null && span.getValue().contains(time)) {
                return Optional.of(span.getValue());
            }
        }
        return Optional.empty();
    }

    /** The calendar's period around {@code time}, without what others cover. */
    private TimeRange cut(long time, NavigableMap<Long, TimeRange> added) {
        TimeRange whole = length.span(time);
        long from = whole.from();
        long to = whole.to();
        List<TimeRange> others = new ArrayList<>(promised.values());
        others.addAll(added.values());
        rows.values().forEach(period -> others.add(period.span()));
        for (TimeRange other : others) {
            if (other.to() <= time) {
                from = Math.max(from, other.to());
            } else {
                to = Math.min(to, other.from());
            }
        }
        return new TimeRange(from, to);
    }

    /** The period of {@code time}; a promised one gets its row, which is synced before this returns. */
    synchronized Period require(long time) {
        Map.Entry<Long, Period> row = rows.floorEntry(time);
        if (row != null && row.getValue().span().contains(time)) {
            return row.getValue();
        }
        TimeRange span = spanOf(time, new TreeMap<>()).orElseGet(() -> cut(time, new TreeMap<>()));
        String name = length.storeName(time);
        String free = name;
        for (int i = 2; isTaken(free); i++) {
            free = name + "-" + i;
        }
        Period period = new Period(span, free, UUID.randomUUID());
        WriteBatch batch = new WriteBatch().givingSpaceBack();
        batch.put(key(period), value(period, OPEN));
        base.write(batch);
        base.sync();
        rows.put(period.from(), period);
        promised.remove(period.from());
        return period;
    }

    private boolean isTaken(String name) {
        return rows.values().stream().anyMatch(period -> period.store().equals(name));
    }

    private static byte[] key(Period period) {
        return ByteBuffer.allocate(9)
                .put(Tables.PERIODS)
                .putLong(period.from() ^ Long.MIN_VALUE)
                .array();
    }

    private static byte[] value(Period period, byte state) {
        byte[] name = period.store().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(26 + name.length)
                .put(FORMAT)
                .putLong(period.to())
                .putLong(period.uuid().getMostSignificantBits())
                .putLong(period.uuid().getLeastSignificantBits())
                .put(state)
                .put(name)
                .array();
    }
}
