package io.goshare.server.series;

/** Puts rows into the order of their times and keeps the last of those with the same time. */
final class TimeOrder {
    private TimeOrder() {}

    /** Rows {@code [0, count)} of these columns, as {@link Points}; the columns may become part of them. */
    static Points order(int count, long[] times, byte[] tags, long[] words, byte[] heap) {
        boolean ordered = true;
        for (int i = 1; i < count && ordered; i++) {
            ordered = times[i - 1] < times[i];
        }
        return ordered
                ? new Points(count, times, tags, words, heap)
                : gather(sorted(count, times), count, times, tags, words, heap);
    }

    private static Points gather(int[] rows, int count, long[] times, byte[] tags, long[] words, byte[] heap) {
        long[] outTimes = new long[count];
        byte[] outTags = new byte[count];
        long[] outWords = new long[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (n > 0 && outTimes[n - 1] == times[row]) {
                n--;
            }
            outTimes[n] = times[row];
            outTags[n] = tags[row];
            outWords[n++] = words[row];
        }
        return new Points(n, outTimes, outTags, outWords, heap);
    }

    /** Row numbers by time, those of equal times in their order: a merge sort from the bottom. */
    private static int[] sorted(int count, long[] times) {
        int[] from = new int[count];
        int[] to = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = i;
        }
        for (int width = 1; width < count; width *= 2) {
            for (int start = 0; start < count; start += 2 * width) {
                int middle = Math.min(start + width, count);
                int end = Math.min(start + 2 * width, count);
                int left = start;
                int right = middle;
                for (int i = start; i < end; i++) {
                    boolean takeLeft = left < middle && (right == end || times[from[left]] <= times[from[right]]);
                    to[i] = takeLeft ? from[left++] : from[right++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }
}
