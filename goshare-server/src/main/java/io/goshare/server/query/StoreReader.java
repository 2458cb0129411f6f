package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.series.Rolled;
import io.goshare.server.series.RollupRule;
import io.goshare.server.series.SeriesKind;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import io.goshare.server.series.Summariser;
import io.goshare.server.series.SummaryFilter;
import java.util.List;
import java.util.Optional;

/** Queries read from a {@link SeriesStore}; columns are handed on as they are. */
public record StoreReader(SeriesStore store) implements SeriesReader {
    @Override
    public View view(Selector selector, TimeRange range) {
        return new StoreView(store.view(new SelectorFilter(selector), range));
    }

    /** Makes the summaries that queries read in place of points. For one thread. */
    public static Summariser summariser() {
        return new SummaryCodec();
    }

    private record StoreView(SeriesView view) implements View {
        @Override
        public int size() {
            return view.size();
        }

        @Override
        public SeriesKey key(int index) {
            return view.series(index).key();
        }

        @Override
        public List<String> tagNames() {
            return view.tagNames();
        }

        @Override
        public boolean isState(int index) {
            return view.series(index).settings().kind() == SeriesKind.STATE;
        }

        @Override
        public long staleAfter(int index) {
            return view.series(index).settings().staleAfterNanos();
        }

        @Override
        public Columns read(int index, TimeRange range) {
            return Columns.of(view.read(index, range));
        }

        @Override
        public Columns readWithPrevious(int index, TimeRange range) {
            return Columns.of(view.readWithPrevious(index, range));
        }

        @Override
        public Summarized summarize(int index, TimeRange range, SummaryFilter filter) {
            return summarized(view.summarize(index, range, filter));
        }

        @Override
        public Summarized summarizeWithPrevious(int index, TimeRange range, SummaryFilter filter) {
            return summarized(view.summarizeWithPrevious(index, range, filter));
        }

        private static Summarized summarized(io.goshare.server.series.Summarized found) {
            return new Summarized(Columns.of(found.points()), found.summaries());
        }

        @Override
        public TimeRange part(int index, TimeRange range, long most, boolean atEnd) {
            return view.part(index, range, most, atEnd);
        }

        @Override
        public Columns asOf(int index, long time) {
            return Columns.of(view.asOf(index, time));
        }

        @Override
        public List<RollupRule> rollups(int index) {
            return view.rollups(index);
        }

        @Override
        public Rolled rolled(int index, RollupRule rule, TimeRange range) {
            return view.rolled(index, rule, range);
        }

        @Override
        public Optional<Rolled.Row> rolledBefore(int index, RollupRule rule, long time) {
            return view.rolledBefore(index, rule, time);
        }

        @Override
        public View fork() {
            return new StoreView(view.fork());
        }

        @Override
        public long heldBytes() {
            return view.heldBytes();
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
