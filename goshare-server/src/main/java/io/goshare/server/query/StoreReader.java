package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesKind;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;
import io.goshare.server.series.SummaryFilter;

/** Queries read from a {@link SeriesStore}; columns are handed on as they are. */
public record StoreReader(SeriesStore store) implements SeriesReader {
    @Override
    public View view(Selector selector, TimeRange range) {
        return new StoreView(store.view(new SelectorFilter(selector), range));
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
        public boolean isState(int index) {
            return view.series(index).settings().kind() == SeriesKind.STATE;
        }

        @Override
        public long staleAfter(int index) {
            return view.series(index).settings().staleAfterNanos();
        }

        @Override
        public Columns read(int index, TimeRange range) {
            return columns(view.read(index, range));
        }

        @Override
        public Summarized summarize(int index, TimeRange range, SummaryFilter filter) {
            io.goshare.server.series.Summarized found = view.summarize(index, range, filter);
            return new Summarized(columns(found.points()), found.summaries());
        }

        @Override
        public TimeRange part(int index, TimeRange range, long most, boolean atEnd) {
            return view.part(index, range, most, atEnd);
        }

        @Override
        public Columns asOf(int index, long time) {
            return columns(view.asOf(index, time));
        }

        @Override
        public View fork() {
            return new StoreView(view.fork());
        }

        @Override
        public long heldBytes() {
            return view.heldBytes();
        }

        private static Columns columns(Points points) {
            return new Columns(points.count(), points.times(), points.tags(), points.words(), points.heap());
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
