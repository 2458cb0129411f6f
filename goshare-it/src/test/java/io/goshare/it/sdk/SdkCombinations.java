package io.goshare.it.sdk;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** {@link SdkContract} over each transport in each encoding, against one server with an empty store for each test. */
abstract class SdkCombinations {
    /** {@code host:port} of HTTP. */
    abstract String http();

    /** {@code host:port} of ZeroMQ. */
    abstract String zmq();

    /** Further options of the connection URL, each after a {@code &}. */
    String moreOptions() {
        return "";
    }

    abstract class OverHttp extends SdkContract {
        @Override
        String url() {
            return "goshare:http://" + http();
        }

        @Override
        String options() {
            return moreOptions();
        }
    }

    abstract class OverZeroMq extends SdkContract {
        @Override
        String url() {
            return "goshare:zmq://" + zmq();
        }

        @Override
        String options() {
            return moreOptions();
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
}
