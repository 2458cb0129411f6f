package io.goshare.server.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order of names that no run has yet: sorted when it is asked for, in parts that are merged as they come to be of a
 * size, so that asking between registrations costs little. Not safe for many threads.
 */
final class TailOrder {
    /** So many at once stay unsorted until the checkpoint that their log makes due. */
    private static final int MOST_SORTED = 1 << 16;

    private final PagedNames names;
    private final List<int[]> sorted = new ArrayList<>();
    private int[] added = new int[64];
    private int count;

    TailOrder(PagedNames names) {
        this.names = names;
    }

    void add(int id) {
        if (count == added.length) {
            added = Arrays.copyOf(added, count * 2);
        }
        added[count++] = id;
    }

    /** Forgets those whose names are gone. */
    void shrink() {
        sorted.replaceAll(this::kept);
        sorted.removeIf(part -> part.length == 0);
        added = kept(Arrays.copyOf(added, count));
        count = added.length;
        added = Arrays.copyOf(added, Math.max(count, 64));
    }

    private int[] kept(int[] ids) {
        return Arrays.stream(ids).filter(id -> names.get(id) != null).toArray();
    }

    /** The sorted parts; what {@link #unsorted} tells is in none. */
    List<NameOrder> parts() {
        if (count > 0 && count <= MOST_SORTED) {
            sorted.add(sort(Arrays.copyOf(added, count)));
            count = 0;
            added = new int[64];
            while (sorted.size() > 1 && last(1).length < 2 * last(0).length) {
                int[] merged = merge(last(1), last(0));
                sorted.subList(sorted.size() - 2, sorted.size()).clear();
                sorted.add(merged);
            }
        }
        return sorted.stream().<NameOrder>map(Part::new).toList();
    }

    int[] unsorted() {
        return Arrays.copyOf(added, count);
    }

    private int[] last(int back) {
        return sorted.get(sorted.size() - 1 - back);
    }

    private int[] sort(int[] ids) {
        return Arrays.stream(ids)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(names.require(a), names.require(b)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int[] merge(int[] a, int[] b) {
        int[] merged = new int[a.length + b.length];
        int i = 0;
        int j = 0;
        for (int at = 0; at < merged.length; at++) {
            boolean first = j == b.length
                    || i < a.length && Arrays.compareUnsigned(names.require(a[i]), names.require(b[j])) <= 0;
            merged[at] = first ? a[i++] : b[j++];
        }
        return merged;
    }

    private final class Part extends NameOrder {
        private final int[] ids;

        Part(int[] ids) {
            this.ids = ids;
        }

        @Override
        int size() {
            return ids.length;
        }

        @Override
        int id(int place) {
            return ids[place];
        }

        @Override
        byte[] name(int id) {
            return names.require(id);
        }
    }
}
