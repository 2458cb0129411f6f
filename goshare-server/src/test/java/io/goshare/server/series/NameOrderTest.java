package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

class NameOrderTest {
    private static final String[] TAGS = {"a", "dc", "host", "host2", "z", "h\u0000", "\u00e4"};
    private static final String[] VALUES = {"", "1", "2", "10", "a\u0000b", "\u0001"};

    private final Random random = new Random(7);

    /** Names added one by one, asked for between: sorted parts are merged all along. */
    @Test
    void aTagFindsWhatGoingThroughAllFinds() {
        PagedNames names = new PagedNames();
        TailOrder order = new TailOrder(names);
        List<SeriesKey> keys = new ArrayList<>();
        for (int id = 1; id <= 3000; id++) {
            SeriesKey key = SeriesKey.of(Path.parse(random.nextBoolean() ? "cpu:user" : "cpu:user:x"), tags());
            if (keys.contains(key)) {
                continue;
            }
            keys.add(key);
            names.put(id, key.encoded());
            order.add(id);
            if (id % 37 == 0) {
                SortedMap<String, String> wanted = new TreeMap<>();
                wanted.put(TAGS[random.nextInt(5)], VALUES[1 + random.nextInt(5)]);

                assertThat(found(names, order, wanted)).hasSameElementsAs(matching(keys, wanted));
            }
        }
    }

    @Test
    void partsStayInOrderWhenSomeNamesGo() {
        PagedNames names = new PagedNames();
        TailOrder order = new TailOrder(names);
        for (int id = 1; id <= 500; id++) {
            names.put(
                    id, SeriesKey.of(Path.parse("p:" + random.nextInt(1 << 30))).encoded());
            order.add(id);
            if (id % 50 == 0) {
                assertThat(order.parts()).isNotEmpty();
            }
        }
        for (int id = 1; id <= 500; id += 2) {
            names.remove(id);
        }

        order.shrink();

        int left = 0;
        for (NameOrder part : order.parts()) {
            for (int place = 0; place < part.size(); place++, left++) {
                byte[] name = part.name(part.id(place));
                assertThat(part.seek(name)).isEqualTo(place);
            }
        }
        assertThat(left).isEqualTo(250);
        assertThat(order.unsorted()).isEmpty();
    }

    private SortedMap<String, String> tags() {
        SortedMap<String, String> tags = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.put(TAGS[random.nextInt(TAGS.length)], VALUES[random.nextInt(VALUES.length)]);
        }
        return tags;
    }

    private static List<SeriesKey> matching(List<SeriesKey> keys, SortedMap<String, String> wanted) {
        return keys.stream()
                .filter(key -> key.path().depth() == 2)
                .filter(key -> wanted.get(wanted.firstKey()).equals(key.tags().get(wanted.firstKey())))
                .toList();
    }

    private static List<SeriesKey> found(PagedNames names, TailOrder order, SortedMap<String, String> wanted) {
        RoaringBitmap ids = new RoaringBitmap();
        for (NameOrder part : order.parts()) {
            assertThat(part.collect(Path.parse("cpu:user").encoded(), wanted, Integer.MAX_VALUE, ids))
                    .isTrue();
        }
        assertThat(order.unsorted()).isEmpty();
        List<SeriesKey> found = new ArrayList<>();
        ids.forEach((IntConsumer) id -> found.add(SeriesKey.decode(names.require(id))));
        return found;
    }
}
