package io.goshare.server.query;

import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The same questions answered plainly, from the definitions: one value object per point, one look at all points per
 * window, no code shared with what is tested. For tests.
 */
final class SlowQuery {
    private final NavigableMap<Long, Value> points;
    private final long staleAfter;
    private final boolean isState;
    private final long from;
    private final long to;
    private final long now;

    SlowQuery(MemorySeries series, SeriesKey key, long from, long to, long now) {
        this.points = series.points.get(key);
        this.staleAfter = series.stale(key);
        this.isState = series.isState(key);
        this.from = from;
        this.to = to;
        this.now = now;
    }

    /** Starts of the windows that reach into the range, for {@code 90m} or calendar units, each with its end. */
    static List<long[]> windows(String every, ZoneId zone, long from, long to, long now) {
        List<long[]> windows = new ArrayList<>();
        int count = Integer.parseInt(every.replaceAll("\\D", ""));
        String unit = every.replaceAll("\\d", "");
        if (List.of("s", "m", "h").contains(unit)) {
            long length = count * 1_000_000_000L * (unit.equals("s") ? 1 : unit.equals("m") ? 60 : 3600);
            long shift = zone.getRules()
                            .getStandardOffset(Instant.ofEpochSecond(now / 1_000_000_000L))
                            .getTotalSeconds()
                    * 1_000_000_000L;
            for (long k = Math.floorDiv(from + shift, length); k * length - shift < to; k++) {
                windows.add(new long[] {k * length - shift, (k + 1) * length - shift});
            }
            return windows;
        }
        LocalDate day = switch (unit) {
            case "d" -> LocalDate.EPOCH;
            case "w" -> LocalDate.EPOCH.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            default -> LocalDate.EPOCH;
        };
        while (nanos(day, zone) < to) {
            LocalDate next = switch (unit) {
                case "d" -> day.plusDays(count);
                case "w" -> day.plusWeeks(count);
                case "mo" -> day.plusMonths(count);
                case "q" -> day.plusMonths(3L * count);
                default -> day.plusYears(count);
            };
            if (nanos(next, zone) > from) {
                windows.add(new long[] {nanos(day, zone), nanos(next, zone)});
            }
            day = next;
        }
        return windows;
    }

    private static long nanos(LocalDate day, ZoneId zone) {
        Instant start = day.atStartOfDay(zone).toInstant();
        return start.getEpochSecond() * 1_000_000_000L + start.getNano();
    }

    /** What was true at {@code time}; null: unknown. */
    @Nullable
    Value valueAt(long time) {
        Map.Entry<Long, Value> entry = points.headMap(to, false).floorEntry(time);
        if (entry == null || staleAfter != Long.MAX_VALUE && time - entry.getKey() >= staleAfter) {
            return null;
        }
        return entry.getValue();
    }

    private long end() {
        NavigableMap<Long, Value> inside = points.subMap(Long.MIN_VALUE, true, to, false);
        long last = inside.isEmpty() ? Long.MIN_VALUE : inside.lastKey() + 1;
        return Math.min(to, Math.max(now, last));
    }

    /** One piece of time between two instants at which something may change. */
    record Piece(long from, long to, @Nullable Value value, boolean isAfterFirst) {}

    List<Piece> pieces(long windowFrom, long windowTo) {
        TreeMap<Long, Boolean> cuts = new TreeMap<>();
        long first = Math.max(windowFrom, from);
        long last = Math.min(windowTo, end());
        cuts.put(first, true);
        cuts.put(last, true);
        for (long time : points.keySet()) {
            cuts.put(time, true);
            if (staleAfter != Long.MAX_VALUE) {
                cuts.put(time + staleAfter, true);
            }
        }
        List<Piece> pieces = new ArrayList<>();
        Long before = null;
        for (long cut : cuts.keySet()) {
            if (before != null && before >= first && cut <= last) {
                pieces.add(new Piece(before, cut, valueAt(before), points.floorKey(before) != null));
            }
            before = cut;
        }
        return pieces;
    }

    List<Value> values(long windowFrom, long windowTo) {
        return new ArrayList<>(points.subMap(Math.max(windowFrom, from), Math.min(windowTo, to))
                .values());
    }

    private List<Long> times(long windowFrom, long windowTo) {
        return new ArrayList<>(points.subMap(Math.max(windowFrom, from), Math.min(windowTo, to))
                .keySet());
    }

    /** Whether a window has something to tell. */
    boolean holds(String aggregate, long windowFrom, long windowTo) {
        boolean stepped = List.of("transitions", "unknown", "twa", "integral").contains(aggregate)
                || aggregate.contains(":") && !aggregate.startsWith("quantile")
                || isState && aggregate.equals("mode");
        return !values(windowFrom, windowTo).isEmpty()
                || stepped && pieces(windowFrom, windowTo).stream().anyMatch(Piece::isAfterFirst);
    }

    @Nullable
    Value aggregate(String name, long windowFrom, long windowTo) {
        List<Value> values = values(windowFrom, windowTo);
        List<Value> numbers =
                values.stream().filter(value -> value.kind().isNumber()).toList();
        List<Piece> pieces = pieces(windowFrom, windowTo);
        String argument = name.contains(":") ? name.substring(name.indexOf(':') + 1) : "";
        return switch (name.contains(":") ? name.substring(0, name.indexOf(':')) : name) {
            case "count" -> Value.of((long) values.size());
            case "first" -> values.isEmpty() ? null : values.get(0);
            case "last" -> values.isEmpty() ? null : values.get(values.size() - 1);
            case "distinct_count" -> Value.of(values.stream().distinct().count());
            case "sum" -> numbers.isEmpty() ? null : Value.of(sum(numbers).doubleValue());
            case "mean" ->
                numbers.isEmpty()
                        ? null
                        : Value.of(sum(numbers)
                                .divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128)
                                .doubleValue());
            case "min" ->
                numbers.stream()
                        .map(SlowQuery::exact)
                        .min(BigDecimal::compareTo)
                        .map(n -> Value.of(n.doubleValue()))
                        .orElse(null);
            case "max" ->
                numbers.stream()
                        .map(SlowQuery::exact)
                        .max(BigDecimal::compareTo)
                        .map(n -> Value.of(n.doubleValue()))
                        .orElse(null);
            case "median" -> quantile(numbers, 0.5);
            case "p90" -> quantile(numbers, 0.9);
            case "argmax" -> argmax(times(windowFrom, windowTo), values);
            case "mode" -> mode(values, pieces);
            case "duration" -> known(pieces) == 0 ? null : Value.of(dwell(pieces, argument) / 1e9);
            case "share", "uptime" ->
                known(pieces) == 0 ? null : Value.of((double) dwell(pieces, argument) / known(pieces));
            case "unknown" ->
                Value.of(pieces.stream()
                                .filter(piece -> piece.value == null)
                                .mapToLong(piece -> piece.to - piece.from)
                                .sum()
                        / 1e9);
            case "transitions" -> Value.of(changes(windowFrom, windowTo, null));
            case "entries" -> Value.of(changes(windowFrom, windowTo, argument));
            case "twa" -> average(pieces);
            case "increase" -> increase(windowFrom, windowTo);
            case "rate" -> rate(windowFrom, windowTo);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static BigDecimal exact(Value value) {
        return switch (value.kind()) {
            case INTEGER, DECIMAL -> BigDecimal.valueOf(value.word(), value.scale());
            default -> new BigDecimal(value.asDouble());
        };
    }

    private static BigDecimal sum(List<Value> numbers) {
        return numbers.stream().map(SlowQuery::exact).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static @Nullable Value quantile(List<Value> numbers, double rank) {
        if (numbers.isEmpty()) {
            return null;
        }
        double[] sorted = numbers.stream().mapToDouble(Value::asDouble).sorted().toArray();
        double place = rank * (sorted.length - 1);
        int low = (int) place;
        return Value.of(
                low + 1 == sorted.length
                        ? sorted[low]
                        : sorted[low] * (low + 1 - place) + sorted[low + 1] * (place - low));
    }

    private static @Nullable Value argmax(List<Long> times, List<Value> values) {
        Long best = null;
        BigDecimal most = BigDecimal.ZERO;
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).kind().isNumber()
                    && (best == null || exact(values.get(i)).compareTo(most) > 0)) {
                best = times.get(i);
                most = exact(values.get(i));
            }
        }
        return best == null ? null : Value.of(best);
    }

    private @Nullable Value mode(List<Value> values, List<Piece> pieces) {
        Map<Value, Long> weights = new LinkedHashMap<>();
        if (isState) {
            pieces.stream()
                    .filter(piece -> piece.value != null)
                    .forEach(piece -> weights.merge(
                            java.util.Objects.requireNonNull(piece.value), piece.to - piece.from, Long::sum));
        } else {
            values.forEach(value -> weights.merge(value, 1L, Long::sum));
        }
        Value best = null;
        for (Map.Entry<Value, Long> entry : weights.entrySet()) {
            if (best == null || entry.getValue() > weights.get(best)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    static long known(List<Piece> pieces) {
        return pieces.stream()
                .filter(piece -> piece.value != null)
                .mapToLong(piece -> piece.to - piece.from)
                .sum();
    }

    static long dwell(List<Piece> pieces, String value) {
        return pieces.stream()
                .filter(piece -> piece.value != null && piece.value.asText().equals(value))
                .mapToLong(piece -> piece.to - piece.from)
                .sum();
    }

    /** Points whose value is not that of the point before; all, or those with value {@code entered}. */
    private long changes(long windowFrom, long windowTo, @Nullable String entered) {
        long changes = 0;
        for (long time : times(windowFrom, windowTo)) {
            Map.Entry<Long, Value> before = points.lowerEntry(time);
            Value value = points.get(time);
            boolean same = before != null && before.getValue().equals(value);
            if (!same && (entered == null ? before != null : value.asText().equals(entered))) {
                changes++;
            }
        }
        return changes;
    }

    private static @Nullable Value average(List<Piece> pieces) {
        BigDecimal sum = BigDecimal.ZERO;
        long time = 0;
        for (Piece piece : pieces) {
            if (piece.value != null && piece.value.kind().isNumber()) {
                sum = sum.add(exact(piece.value).multiply(BigDecimal.valueOf(piece.to - piece.from)));
                time += piece.to - piece.from;
            }
        }
        return time == 0
                ? null
                : Value.of(sum.divide(BigDecimal.valueOf(time), MathContext.DECIMAL128)
                        .doubleValue());
    }

    /** Steps between neighbouring numbers; of the points before the range only the last is looked at. */
    private @Nullable Value increase(long windowFrom, long windowTo) {
        BigDecimal grown = BigDecimal.ZERO;
        boolean any = false;
        Long head = points.lowerKey(from);
        for (long time : times(windowFrom, windowTo)) {
            Value before = points.subMap(head == null ? from : head, time).values().stream()
                    .filter(value -> value.kind().isNumber())
                    .reduce((first, second) -> second)
                    .orElse(null);
            Value value = points.get(time);
            if (before != null && value.kind().isNumber()) {
                BigDecimal step = exact(value).subtract(exact(before));
                grown = grown.add(step.signum() < 0 ? exact(value) : step);
                any = true;
            }
        }
        return any ? Value.of(grown.doubleValue()) : null;
    }

    private @Nullable Value rate(long windowFrom, long windowTo) {
        Value grown = increase(windowFrom, windowTo);
        if (grown == null) {
            return null;
        }
        Long head = points.lowerKey(from);
        List<Long> numbers = points.subMap(head == null ? from : head, Math.min(windowTo, to)).entrySet().stream()
                .filter(point -> point.getValue().kind().isNumber())
                .map(Map.Entry::getKey)
                .toList();
        long last = numbers.get(numbers.size() - 1);
        long first = numbers.stream()
                .filter(time -> time < windowFrom)
                .reduce((one, next) -> next)
                .orElse(numbers.get(0));
        return Value.of(grown.asDouble() / ((last - first) / 1e9));
    }

    /** The runs as rows: value or null, from, to. */
    List<Object[]> runs() {
        List<Object[]> runs = new ArrayList<>();
        for (Piece piece : pieces(from, to)) {
            if (!piece.isAfterFirst) {
                continue;
            }
            Object[] last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && java.util.Objects.equals(last[0], piece.value)) {
                last[2] = piece.to;
            } else {
                runs.add(new Object[] {piece.value, piece.from, piece.to});
            }
        }
        return runs;
    }
}
