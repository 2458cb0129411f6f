package io.goshare.server.query;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.series.Points;
import io.goshare.server.series.SeriesFilter;
import io.goshare.server.series.SeriesKind;
import io.goshare.server.series.SeriesStore;
import io.goshare.server.series.SeriesView;

/** The series of a {@link SeriesStore} as queries read them. */
public final class StoredSeries implements SeriesReader {
    private final SeriesStore store;

    public StoredSeries(SeriesStore store) {
        this.store = store;
    }

    @Override
    public View view(Selector selector, TimeRange range) {
        return new StoredView(store.view(filter(selector), range));
    }

    /** What a selector means to the store. */
    public static SeriesFilter filter(Selector selector) {
        byte[] prefix = selector.literalPrefix();
        return new SeriesFilter() {
            @Override
            public byte[] prefix() {
                return prefix;
            }

            @Override
            public boolean matches(SeriesKey key) {
                return selector.matches(key);
            }
        };
    }

    private record StoredView(SeriesView view) implements View {
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
        public Columns asOf(int index, long time) {
            return columns(view.asOf(index, time));
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
