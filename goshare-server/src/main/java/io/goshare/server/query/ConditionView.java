package io.goshare.server.query;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a condition holds, as a state: the clause {@code when}. One boolean series {@code when} or, for each value of
 * the labels captured, {@code when:web1}; its points are where it becomes true or false. Closes the reader.
 */
final class ConditionView implements SeriesReader.View {
    private static final Columns VALUES = Columns.of(List.of(Value.of(false), Value.of(true)));

    private final ConditionReader condition;
    private final Selector selector;
    private final List<SeriesKey> keys = new ArrayList<>();
    private volatile @Nullable Known last;

    /** What was found last: points and runs are asked for one after the other. */
    private record Known(int index, TimeRange range, Intervals runs) {}

    ConditionView(ConditionReader condition) {
        this.condition = condition;
        this.selector = selector(condition.labels());
        if (condition.labels().isEmpty()) {
            keys.add(key(List.of()));
        }
        condition.bindings().forEach(binding -> keys.add(key(binding)));
        keys.sort(Comparator.naturalOrder());
    }

    /** The selector that captures the labels of a condition from the names of its series. */
    static Selector selector(List<String> labels) {
        return Selector.parse("when"
                + String.join("", labels.stream().map(label -> ":@" + label).toList()));
    }

    private static SeriesKey key(List<String> binding) {
        List<byte[]> segments = new ArrayList<>(List.of(Text.encode("when")));
        binding.forEach(value -> segments.add(Text.encode(value)));
        return SeriesKey.of(Path.of(segments));
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public SeriesKey key(int index) {
        return keys.get(index);
    }

    @Override
    public boolean isState(int index) {
        return true;
    }

    @Override
    public long staleAfter(int index) {
        return Long.MAX_VALUE;
    }

    @Override
    public Columns read(int index, TimeRange range) {
        Intervals runs = runs(index, range);
        int[] rows = new int[runs.count()];
        long[] times = new long[runs.count()];
        int count = 0;
        for (int run = 0; run < runs.count(); run++) {
            if (runs.entered()[run]) {
                times[count] = runs.from()[run];
                rows[count++] = runs.rows()[run];
            }
        }
        byte[] tags = new byte[count];
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            tags[i] = VALUES.tags()[rows[i]];
            words[i] = VALUES.words()[rows[i]];
        }
        return new Columns(count, times, tags, words, VALUES.heap());
    }

    @Override
    public Columns asOf(int index, long time) {
        Map<String, String> captured = selector.capture(keys.get(index));
        Truth truth = condition.truth(captured, new TimeRange(time, time + 1), Optional.empty());
        if (truth.count() == 0 || truth.values()[0] == Truth.UNKNOWN) {
            return Columns.NONE;
        }
        int row = truth.values()[0];
        return new Columns(
                1, new long[] {time}, new byte[] {VALUES.tags()[row]}, new long[] {VALUES.words()[row]}, VALUES.heap());
    }

    @Override
    public SeriesReader.States states(int index, Columns points, TimeRange range, long horizon) {
        return new SeriesReader.States(VALUES, runs(index, range));
    }

    /** Unknown time before anything is known is left out. */
    private Intervals runs(int index, TimeRange range) {
        Known known = last;
        if (known == null || known.index != index || !known.range.equals(range)) {
            known = new Known(index, range, evaluated(index, range));
            last = known;
        }
        return known.runs;
    }

    private Intervals evaluated(int index, TimeRange range) {
        Map<String, String> captured = selector.capture(keys.get(index));
        boolean looksBack = range.from() > TimeRange.ALL.from();
        TimeRange wider = looksBack ? new TimeRange(range.from() - 1, range.to()) : range;
        Truth truth = condition.truth(captured, wider, Optional.empty());
        return Intervals.of(truth, range);
    }

    /** Safe for many threads already. */
    @Override
    public SeriesReader.View fork() {
        return this;
    }

    @Override
    public long heldBytes() {
        return condition.heldBytes();
    }

    @Override
    public void close() {
        condition.close();
    }
}
