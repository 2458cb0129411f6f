package io.goshare.server.series;

import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.server.query.Columns;
import io.goshare.server.query.SeriesReader;

/** Reads points where a chunk's header or a rollup would do, so that either can be held against them. */
record PointReader(SeriesReader reader) implements SeriesReader {
    @Override
    public View view(Selector selector, TimeRange range) {
        return new Decoding(reader.view(selector, range));
    }

    private record Decoding(View view) implements View {
        @Override
        public int size() {
            return view.size();
        }

        @Override
        public SeriesKey key(int index) {
            return view.key(index);
        }

        @Override
        public boolean isState(int index) {
            return view.isState(index);
        }

        @Override
        public long staleAfter(int index) {
            return view.staleAfter(index);
        }

        @Override
        public Columns read(int index, TimeRange range) {
            return view.read(index, range);
        }

        @Override
        public Columns asOf(int index, long time) {
            return view.asOf(index, time);
        }

        @Override
        public View fork() {
            return new Decoding(view.fork());
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
