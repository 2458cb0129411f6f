package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Words;
import io.goshare.protocol.model.PointBatch;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a body of points whose fields come in any order: a row (path, tags, time, value) or a series (path, tags,
 * times, values; no value is no point). It is read to its end before it is judged, so that a wrong one does not hide
 * the next; a wrong element of a column is a wrong row of its own. For one thread, used again for each entry.
 */
final class PointEntry {
    final SeriesTable series;
    final ValueColumn values = new ValueColumn();
    private final PointSink sink;
    private final BitSet badRows = new BitSet();
    private long[] times = new long[16];
    private int timeCount;
    private boolean manyTimes;
    private boolean manyValues;
    private @Nullable GoShareException wrong;
    private @Nullable GoShareException wrongBeforeColumn;

    PointEntry(PointSink sink) {
        this.sink = sink;
        this.series = new SeriesTable(sink);
    }

    void begin() {
        sink.nextRow();
        series.begin();
        values.clear();
        timeCount = 0;
        badRows.clear();
        manyTimes = false;
        manyValues = false;
        wrong = null;
    }

    void wrong(String field, @Nullable String reason) {
        if (wrong == null && reason != null) {
            wrong = sink.bad(field, reason);
        }
    }

    void unknown(String name) {
        wrong(
                name,
                "is no field of a point; these are path, tags, time, value, times and values"
                        + Words.suggestion(name, Stream.of("path", "tags", "time", "value", "times", "values")));
    }

    /** Does {@code step}; a row that it finds wrong is kept for later. */
    void guard(Runnable step) {
        try {
            step.run();
        } catch (GoShareException e) {
            if (e.code() != ErrorCode.INVALID_ROWS) {
                throw e;
            }
            wrong = wrong == null ? e : wrong;
        }
    }

    private int timeSlot() {
        if (timeCount == times.length) {
            times = Arrays.copyOf(times, timeCount * 2);
        }
        times[timeCount] = PointBatch.NO_TIME;
        return timeCount++;
    }

    void noTime() {
        timeSlot();
    }

    /** A bare integer in the unit that the options name. */
    void time(long number) {
        int at = timeSlot();
        guard(() -> times[at] = sink.time(number));
    }

    /** Nanoseconds, as they are. */
    void nanos(long nanos) {
        int at = timeSlot(); // which may replace the array
        times[at] = nanos;
    }

    void time(String text) {
        int at = timeSlot();
        guard(() -> times[at] = sink.time(text));
    }

    /** Begins the elements of {@code times} or {@code values}; each ends with {@link #element}. */
    void beginColumn(boolean ofValues) {
        manyValues |= ofValues;
        manyTimes |= !ofValues;
        wrongBeforeColumn = wrong;
        wrong = null;
        sink.within(0);
    }

    void element(int index) {
        if (wrong != null) {
            sink.reject(wrong);
            badRows.set(index);
            wrong = null;
        }
        sink.within(index + 1);
    }

    void endColumn() {
        wrong = wrongBeforeColumn;
        sink.within(0);
    }

    /** Ends the entry: its points are added, or it is told as wrong. */
    void send() {
        long rows = manyValues ? Math.max(values.size(), 1) : 1;
        if (wrong == null) {
            guard(this::sendPoints);
        }
        sink.within(0);
        if (wrong != null) {
            sink.reject(wrong);
        }
        for (long i = 1; i < rows; i++) {
            sink.nextRow();
        }
    }

    private void sendPoints() {
        int index = series.index();
        if (!manyValues && !manyTimes) {
            if (values.size() == 0 || values.isNothing(values.size() - 1)) {
                throw sink.bad("value", "is missing");
            }
            long time = timeCount == 0 ? PointBatch.NO_TIME : times[timeCount - 1];
            values.send(values.size() - 1, index, time, sink);
            return;
        }
        if (timeCount != values.size() && (manyTimes || timeCount != 0)) {
            throw sink.bad("values", "are " + values.size() + " where there are " + timeCount + " times");
        }
        for (int i = 0; i < values.size(); i++) {
            if (!values.isNothing(i) && !badRows.get(i)) {
                sink.within(i);
                values.send(i, index, timeCount == 0 ? PointBatch.NO_TIME : times[i], sink);
            }
        }
    }
}
