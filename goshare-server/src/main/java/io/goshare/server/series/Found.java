package io.goshare.server.series;

import io.goshare.protocol.model.SeriesKey;
import io.goshare.server.series.Catalog.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** The live series that a filter found, in the order of their names. Safe for many threads; not to be changed. */
final class Found {
    private final List<Named> series;
    private final AtomicReferenceArray<SeriesKey> keys;
    private final RoaringBitmap ids = new RoaringBitmap();
    private volatile @Nullable List<String> tagNames;

    Found(List<Named> series) {
        this.series = series;
        this.keys = new AtomicReferenceArray<>(series.size());
        series.forEach(named -> ids.add(named.id()));
    }

    /** These and {@code more}, which may be among them already. */
    Found with(List<Named> more) {
        List<Named> others = new ArrayList<>(more);
        others.removeIf(named -> ids.contains(named.id()));
        if (others.isEmpty()) {
            return this;
        }
        others.addAll(series);
        others.sort(NameIndex.BY_NAME);
        return new Found(others);
    }

    int size() {
        return series.size();
    }

    int id(int index) {
        return series.get(index).id();
    }

    /** The name of series {@code index}, which is decoded once. */
    SeriesKey key(int index) {
        SeriesKey known = keys.get(index);
        if (known == null) {
            known = SeriesKey.decode(series.get(index).name());
            keys.set(index, known);
        }
        return known;
    }

    /** The names of tags that any of them has, sorted; gathered once. */
    List<String> tagNames() {
        List<String> known = tagNames;
        if (known == null) {
            TreeSet<String> names = new TreeSet<>();
            for (int i = 0; i < size(); i++) {
                names.addAll(key(i).tags().keySet());
            }
            known = List.copyOf(names);
            tagNames = known;
        }
        return known;
    }

    RoaringBitmap ids() {
        return ids;
    }
}
