package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random sequences of operations against a model in memory (M1). A failure tells the seed and the sequence. */
@Tag("encoding:json")
final class ModelIT {
    private static final long SEED = Long.getLong("goshare.seed", 20_260_701L);
    private static final int OPERATIONS = 100;

    abstract static class Contract {
        @RegisterExtension
        final ServerExtension server;

        private final String engine;
        private final String door;

        Contract(String engine, String door) {
            this.server = ServerExtension.on(engine);
            this.engine = engine;
            this.door = door;
        }

        @Test
        void randomOperationsAgreeWithTheModel() {
            int sequences = Integer.getInteger("goshare.sequences", 20);
            for (int sequence = 0; sequence < sequences; sequence++) {
                long seed = SEED + sequence;
                Random random = new Random(seed);
                Model model = new Model("m" + sequence, random);
                try (Transport store = server.connect(door)) {
                    for (int operation = 0; operation < OPERATIONS; operation++) {
                        model.step(store);
                    }
                    model.verify(store);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ": " + model.story(), e);
                }
                if (!engine.equals("memory") && sequence % 5 == 4) {
                    server.restart();
                    try (Transport store = server.connect(door)) {
                        model.verify(store);
                    }
                }
            }
            assertThat(sequences).isPositive();
        }
    }

    @Nested
    @Tag("engine:leveldb")
    @Tag("door:http")
    class LevelDbOverHttp extends Contract {
        LevelDbOverHttp() {
            super("leveldb", "http");
        }
    }

    @Nested
    @Tag("engine:leveldb")
    @Tag("door:zeromq")
    class LevelDbOverZeroMq extends Contract {
        LevelDbOverZeroMq() {
            super("leveldb", "zmq");
        }
    }

    @Nested
    @Tag("engine:rocksdb")
    @Tag("door:http")
    class RocksDbOverHttp extends Contract {
        RocksDbOverHttp() {
            super("rocksdb", "http");
        }
    }

    @Nested
    @Tag("engine:rocksdb")
    @Tag("door:zeromq")
    class RocksDbOverZeroMq extends Contract {
        RocksDbOverZeroMq() {
            super("rocksdb", "zmq");
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    class MemoryOverHttp extends Contract {
        MemoryOverHttp() {
            super("memory", "http");
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    class MemoryOverZeroMq extends Contract {
        MemoryOverZeroMq() {
            super("memory", "zmq");
        }
    }
}
