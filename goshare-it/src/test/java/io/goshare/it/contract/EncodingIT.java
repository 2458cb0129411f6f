package io.goshare.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Format;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points written in an encoding are read back in it, each with its own type, over each door, on each engine. */
final class EncodingIT {
    private static final long TIME = 1_750_000_000_123_456_789L;

    abstract static class Contract {
        @RegisterExtension
        final ServerExtension server;

        private final String door;

        Contract(String engine, String door) {
            this.server = ServerExtension.on(engine);
            this.door = door;
        }

        @Test
        @Tag("encoding:csv")
        void csv() {
            everyTypeComesBack(Format.CSV);
        }

        @Test
        @Tag("encoding:json")
        void json() {
            everyTypeComesBack(Format.JSON);
        }

        @Test
        @Tag("encoding:ndjson")
        void ndjson() {
            everyTypeComesBack(Format.NDJSON);
        }

        @Test
        @Tag("encoding:msgpack")
        void msgpack() {
            everyTypeComesBack(Format.MSGPACK);
        }

        @Test
        @Tag("encoding:protobuf")
        void protobuf() {
            everyTypeComesBack(Format.PROTOBUF);
        }

        @Test
        @Tag("encoding:capnp")
        void capnp() {
            everyTypeComesBack(Format.CAPNP);
        }

        private void everyTypeComesBack(Format format) {
            Map<String, Value> points = points();
            PointBatch.Builder batch = new PointBatch.Builder();
            points.forEach((series, value) -> batch.add(key(series), TIME, value));

            try (Transport store = server.connect(door)) {
                StoreReader.done(
                        store, Command.of(Verb.WRITE).with("fmt", format.word()).with(new Body.Points(batch.build())));
                Command query = Command.of(Verb.QUERY)
                        .with("sel", "type:*")
                        .with("from", (TIME - 1) + "ns")
                        .with("to", (TIME + 1) + "ns")
                        .with("fmt", format.word());

                assertThat(values(StoreReader.done(store, query).result())).isEqualTo(points);
            }
        }

        private static Map<String, Value> points() {
            Map<String, Value> points = new TreeMap<>();
            points.put("type:float", Value.of(0.1 + 0.2));
            points.put("type:integer", Value.of(Long.MAX_VALUE));
            points.put("type:decimal", Value.decimal(50, 2));
            points.put("type:boolean", Value.of(true));
            points.put("type:text", Value.of("a \"quoted\", long\nstate: ключ"));
            points.put("type:bytes", Value.of(new byte[] {0, (byte) 0xff, '\n'}));
            return points;
        }

        private static SeriesKey key(String series) {
            return SeriesKey.of(Path.parse(series));
        }

        private static Map<String, Value> values(Result result) {
            PointBatch batch = ((Result.Points) result).batch();
            Map<String, Value> values = new TreeMap<>();
            for (int row = 0; row < batch.rows(); row++) {
                assertThat(batch.times()[row]).isEqualTo(TIME);
                values.put(batch.key(batch.series()[row]).toString(), batch.value(row));
            }
            return values;
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
