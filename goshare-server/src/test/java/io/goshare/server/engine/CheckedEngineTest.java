package io.goshare.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.server.engine.EngineException.Reason;
import io.goshare.server.engine.memory.MemoryEngineProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckedEngineTest {
    private static final byte[] KEY = {'k', 0, (byte) 0xfe};
    private static final byte[] VALUE = {1, 2, 3};

    private final StorageEngine raw = new MemoryEngineProvider().open(Path.of("raw"), EngineOptions.DEFAULTS, true);
    private final StorageEngine engine = new CheckedEngine("base", raw);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theStoredFormIsValueThenChecksumOfKeyAndValue() {
        engine.write(new WriteBatch().put(KEY, VALUE));

        assertThat(HexFormat.of().formatHex(raw.get(KEY).orElseThrow())).isEqualTo("010203" + "ec72f1b7");
    }

    @Test
    void everyFlippedBitIsDamageThatNamesStoreAndKey() {
        engine.write(new WriteBatch().put(KEY, VALUE));
        byte[] stored = raw.get(KEY).orElseThrow();
        for (int bit = 0; bit < stored.length * 8; bit++) {
            byte[] flipped = stored.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));

            assertDamaged(KEY, flipped);
        }
    }

    @Test
    void aValueCutShortOrAtAnotherKeyIsDamage() {
        engine.write(new WriteBatch().put(KEY, VALUE));
        byte[] stored = raw.get(KEY).orElseThrow();
        for (int length = 0; length < stored.length; length++) {
            assertDamaged(KEY, Arrays.copyOf(stored, length));
        }
        assertDamaged(new byte[] {'k'}, stored);
    }

    private void assertDamaged(byte[] key, byte[] stored) {
        raw.write(new WriteBatch().put(key, stored));

        assertThatThrownBy(() -> engine.get(key))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining("store base")
                .hasMessageContaining("key " + HexFormat.of().formatHex(key) + " ");
        assertThatThrownBy(() -> engine.scan(null, key, null, (k, v) -> true))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
    }
}
