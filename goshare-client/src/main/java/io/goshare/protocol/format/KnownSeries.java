package io.goshare.protocol.format;

import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Series that bodies named before, so that one named again costs a look by the bytes sent, no string and no check: each
 * has a number, its one {@link SeriesName}, and an index in the batch under way. Kept from body to body; for one thread
 * while it is taken. Past some ten thousand names it begins anew.
 */
final class KnownSeries {
    /** Most names that are kept: some 5 MB. */
    private static final int MOST = 1 << 14;

    /** Most names whose room is kept for others. */
    private static final int MOST_ROOM = MOST * 4;

    /** As many as threads parse at once on a small machine; more are made when needed, and not kept. */
    private static final BlockingQueue<KnownSeries> IDLE = new ArrayBlockingQueue<>(4);

    private final NameTable encoded = new NameTable();
    /** Numbers by path and tags in the order they were sent; see {@link SeriesTable}. */
    final NameTable pieces = new NameTable();
    /** Numbers by the text of a name. */
    final NameTable texts = new NameTable();

    final LineRows lines = new LineRows();

    private final List<SeriesName> names = new ArrayList<>();
    private int[] bodies = new int[256];
    private int[] indices = new int[256];
    private int body;

    /** One for a body; {@link #giveBack} it. */
    static KnownSeries take() {
        KnownSeries idle = IDLE.poll();
        KnownSeries known = idle == null ? new KnownSeries() : idle;
        known.body++;
        return known;
    }

    void giveBack() {
        int most = Math.max(Math.max(names.size(), lines.size()), Math.max(pieces.size(), texts.size()));
        if (most > MOST) {
            clear();
        }
        boolean unused = most <= MOST_ROOM && IDLE.offer(this);
    }

    private void clear() {
        encoded.clear();
        pieces.clear();
        texts.clear();
        lines.clear();
        names.clear();
    }

    /** The number of the series with this encoded name; -1 if it was not named yet. */
    int find(byte[] name, int offset, int length) {
        return encoded.find(name, offset, length);
    }

    /** The same; a new one is numbered. The name is known to be legal, and is kept. */
    int number(byte[] name) {
        int known = encoded.find(name, 0, name.length);
        if (known >= 0) {
            return known;
        }
        int number = names.size();
        if (number == bodies.length) {
            bodies = Arrays.copyOf(bodies, number * 2);
            indices = Arrays.copyOf(indices, number * 2);
        }
        names.add(new SeriesName(name));
        encoded.put(name, 0, name.length, number);
        return number;
    }

    /** The index of a series in the batch under way, to which it is added on its first call. */
    int index(int number, PointBatch.Builder batch) {
        if (bodies[number] != body) {
            bodies[number] = body;
            indices[number] = batch.add(names.get(number));
        }
        return indices[number];
    }
}
