package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;

/**
 * One format in both directions. What a format cannot say stays with these defaults, which refuse. Readers throw
 * {@link GoShareException} for whatever is wrong with the bytes, and nothing else. Safe for many threads.
 */
interface Encoding {
    Format format();

    default PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        throw refused("points");
    }

    /** Reads a table; {@code unit} is that of bare integers in columns of times. */
    default Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        throw refused("tables");
    }

    default Value readValue(byte[] in, int offset, int length) {
        throw refused("single values");
    }

    default void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        throw refused("points");
    }

    default byte[] writeTable(Table table, WriteOptions options) {
        throw refused("tables");
    }

    default void writeValue(Value value, ByteSink out) {
        throw refused("single values");
    }

    private GoShareException refused(String what) {
        return new GoShareException(
                ErrorCode.UNSUPPORTED_FORMAT,
                format().word() + " holds no " + what + "; fmt may be csv, json, ndjson, msgpack, protobuf or capnp");
    }
}
