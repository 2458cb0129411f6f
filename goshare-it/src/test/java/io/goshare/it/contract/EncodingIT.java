package io.goshare.it.contract;

import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.Format;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points written in an encoding are read back in it, each with its own type, over each door, on each engine. */
final class EncodingIT {
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
            try (Transport store = server.connect(door)) {
                RoundTrip.everyTypeComesBack(store, format);
            }
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
