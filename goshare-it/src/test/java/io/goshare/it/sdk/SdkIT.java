package io.goshare.it.sdk;

import io.goshare.it.fixture.ServerExtension;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@link SdkContract} over each transport, and over HTTP in each encoding. */
final class SdkIT {
    abstract static class OverServer extends SdkContract {
        @RegisterExtension
        final ServerExtension server = ServerExtension.on("memory");
    }

    abstract static class OverHttp extends OverServer {
        @Override
        String url() {
            return "goshare:http://" + server.http();
        }
    }

    abstract static class OverZeroMq extends OverServer {
        @Override
        String url() {
            return "goshare:zmq://" + server.zmq();
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:columns")
    class ColumnsOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "columns";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:columns")
    class ColumnsOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "columns";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:msgpack")
    class MsgpackOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "msgpack";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:msgpack")
    class MsgpackOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "msgpack";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:json")
    class JsonOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "json";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:json")
    class JsonOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "json";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:csv")
    class CsvOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "csv";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:csv")
    class CsvOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "csv";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:ndjson")
    class NdjsonOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "ndjson";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:lp")
    class LpOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "lp";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:protobuf")
    class ProtobufOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "protobuf";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:protobuf")
    class ProtobufOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "protobuf";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:http")
    @Tag("encoding:capnp")
    class CapnpOverHttp extends OverHttp {
        @Override
        String encoding() {
            return "capnp";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:zeromq")
    @Tag("encoding:capnp")
    class CapnpOverZeroMq extends OverZeroMq {
        @Override
        String encoding() {
            return "capnp";
        }
    }

    @Nested
    @Tag("engine:memory")
    @Tag("door:embedded")
    @Tag("encoding:columns")
    class InMemory extends SdkContract {
        private final String name = UUID.randomUUID().toString();

        @Override
        String url() {
            return "goshare:mem:" + name;
        }

        @Override
        String encoding() {
            return "columns";
        }
    }

    @Nested
    @Tag("engine:leveldb")
    @Tag("door:embedded")
    @Tag("encoding:columns")
    class InFile extends SdkContract {
        @TempDir
        Path directory;

        @Override
        String url() {
            return "goshare:file:" + directory.resolve("data");
        }

        @Override
        String encoding() {
            return "columns";
        }
    }
}
