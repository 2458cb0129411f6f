package io.goshare.server.query;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.series.ChunkSummary;

/**
 * What a counter grows by from number to number; a drop is a reset to 0. Integers and decimals are held against each
 * other and summed exactly, with as many digits as any of them has; what is no number is passed over. For one thread.
 */
final class Growth {
    private final ExactSum grown = new ExactSum();
    private long numbers;
    private long firstTime;
    private long lastTime;
    private byte tag;
    private long word;

    private Growth() {}

    /** From the number before the window, if there is one, to its last. */
    static Growth of(Slice slice) {
        Growth growth = new Growth();
        growth.addBefore(slice);
        int row = slice.first;
        for (ChunkSummary summary : slice.summaries()) {
            int end = slice.points.firstAtOrAfter(summary.first(), row);
            growth.add(slice.points, row, end);
            growth.add(summary);
            row = end;
        }
        growth.add(slice.points, row, slice.end);
        return growth;
    }

    private void addBefore(Slice slice) {
        Columns points = slice.points;
        ChunkSummary told = slice.summaryBefore();
        int row = slice.first - 1;
        while (row >= 0 && !points.isNumber(row)) {
            row--;
        }
        if (told != null && told.lastValue() != null && (row < 0 || points.times()[row] < told.last())) {
            add(told.last(), told.lastValue());
        } else if (row >= 0) {
            add(points.times()[row], points.tags()[row], points.words()[row]);
        }
    }

    private void add(Columns points, int from, int to) {
        for (int row = from; row < to; ) {
            int end = points.endOfTag(row, to);
            if (points.isNumber(row)) {
                add(points.times()[row], points.tags()[row], points.words()[row]);
                if (points.kind(row) == Kind.FLOAT) {
                    for (int i = row + 1; i < end; i++) {
                        add(points.times()[i], points.tags()[i], points.words()[i]);
                    }
                } else {
                    addRest(points, row, end);
                }
            }
            row = end;
        }
    }

    /**
     * Adds rows {@code (row, end)}, which have the kind and digits of {@code row}: all steps together are the last less
     * the first, and what was lost by drops.
     */
    private void addRest(Columns points, int row, int end) {
        long[] words = points.words();
        int scale = PointBatch.scale(tag);
        for (int i = row + 1; i < end; i++) {
            if (words[i] < words[i - 1]) {
                grown.add(scale, words[i - 1]);
            }
        }
        grown.add(scale, words[end - 1]).subtract(scale, words[row]);
        numbers += end - row - 1;
        lastTime = points.times()[end - 1];
        word = words[end - 1];
    }

    /** Adds the points of a chunk whose header tells growth and ends. */
    private void add(ChunkSummary summary) {
        Value first = summary.firstValue();
        Value last = summary.lastValue();
        Long growth = summary.growth();
        if (first == null || last == null || growth == null) {
            throw new IllegalStateException("a header from " + summary.first() + " on does not tell growth");
        }
        add(summary.first(), first);
        grown.add(summary.scale(), growth);
        numbers += summary.points() - 1;
        lastTime = summary.last();
        tag = PointBatch.tag(last.kind(), last.scale());
        word = last.word();
    }

    private void add(long time, Value number) {
        add(time, PointBatch.tag(number.kind(), number.scale()), number.word());
    }

    private void add(long time, byte nextTag, long nextWord) {
        if (numbers++ == 0) {
            firstTime = time;
        } else if (Numbers.isLess(nextTag, nextWord, tag, word)) {
            addWhole(nextTag, nextWord);
        } else if (Numbers.isFloat(nextTag) || Numbers.isFloat(tag)) {
            grown.add(Numbers.toDouble(nextTag, nextWord) - Numbers.toDouble(tag, word));
        } else {
            grown.add(PointBatch.scale(nextTag), nextWord).subtract(PointBatch.scale(tag), word);
        }
        lastTime = time;
        tag = nextTag;
        word = nextWord;
    }

    private void addWhole(byte nextTag, long nextWord) {
        if (Numbers.isFloat(nextTag)) {
            grown.add(Double.longBitsToDouble(nextWord));
        } else {
            grown.add(PointBatch.scale(nextTag), nextWord);
        }
    }

    /** Whether there are two numbers. */
    boolean isKnown() {
        return numbers > 1;
    }

    Value value() {
        return grown.value();
    }

    /** From the first number to the last. */
    double seconds() {
        return (lastTime - firstTime) / 1e9;
    }
}
