package io.goshare.server.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private record Hash(long high, long low) {}

    private final Random random = new Random(3);
    private final NameTable table = new NameTable();
    private final Map<Hash, Integer> expected = new HashMap<>();
    private final List<Hash> put = new ArrayList<>();

    private void put(Hash hash) {
        int id = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        table.put(hash.high, hash.low, id);
        if (expected.put(hash, id) == null) {
            put.add(hash);
        }
    }

    @Test
    void eachNameHasTheIdThatItWasGivenLast() {
        for (int i = 0; i < 300_000; i++) {
            put(
                    random.nextInt(20) == 0 && i > 0
                            ? put.get(random.nextInt(put.size()))
                            : new Hash(random.nextLong(), random.nextLong()));
        }

        expected.forEach(
                (hash, id) -> assertThat(table.get(hash.high, hash.low)).isEqualTo(id));
        for (int i = 0; i < 300_000; i++) {
            assertThat(table.get(random.nextLong(), random.nextLong())).isZero();
        }
    }

    @Test
    void namesOfOnePlaceAreToldApart() {
        for (long i = 0; i < 1_000; i++) {
            put(new Hash(i << 32, -1));
            put(new Hash(i << 32, -1L - i));
        }

        expected.forEach(
                (hash, id) -> assertThat(table.get(hash.high, hash.low)).isEqualTo(id));
        assertThat(table.get(1_000L << 32, -1)).isZero();
    }
}
