package io.goshare.protocol.format;

import io.goshare.protocol.Format;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;

/** JSON, and NDJSON with an entry a line; either reads the other. See {@link JsonPoints} and {@link JsonTables}. */
final class JsonEncoding implements Encoding {
    private final boolean lines;

    JsonEncoding(boolean lines) {
        this.lines = lines;
    }

    @Override
    public Format format() {
        return lines ? Format.NDJSON : Format.JSON;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        return JsonPoints.read(in, offset, length, options);
    }

    @Override
    public Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        return JsonTables.read(in, offset, length, unit);
    }

    @Override
    public Value readValue(byte[] in, int offset, int length) {
        return JsonTables.readValue(in, offset, length);
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        JsonPoints.write(batch, options, lines, out);
    }

    @Override
    public byte[] writeTable(Table table, WriteOptions options) {
        return JsonTables.write(table, options, lines);
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        JsonOutput.value(value, out);
        out.put('\n');
    }
}
