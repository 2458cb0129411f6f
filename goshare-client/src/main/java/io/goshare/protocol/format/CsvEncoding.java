package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.concurrent.TimeUnit;

/** RFC 4180; see {@link CsvPoints} and {@link CsvTables}. A single value is a table of one: {@code value,type}. */
final class CsvEncoding implements Encoding {
    @Override
    public Format format() {
        return Format.CSV;
    }

    @Override
    public PointsRead readPoints(byte[] in, int offset, int length, PointOptions options) {
        return CsvPoints.read(in, offset, length, options);
    }

    @Override
    public Table readTable(byte[] in, int offset, int length, TimeUnit unit) {
        return CsvTables.read(in, offset, length, unit);
    }

    /** Takes the header line or does without: {@code 58.25} and {@code 58.25,f} are values too. */
    @Override
    public Value readValue(byte[] in, int offset, int length) {
        CsvScanner rows = new CsvScanner(in, offset, length);
        try {
            if (rows.hasNext()) {
                rows.next();
                if (rows.text(0).equals("value") && rows.hasNext()) {
                    rows.next();
                }
                if (rows.fields() <= 2 && !rows.hasNext()) {
                    return CsvTables.declared(rows, 0, rows.fields() - 1);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the value " + e.getMessage(), e);
        }
        throw new GoShareException(ErrorCode.BAD_REQUEST, "a single value is one row value,type under a header line");
    }

    @Override
    public void writePoints(PointBatch batch, WriteOptions options, ByteSink out) {
        CsvPoints.write(batch, options, out);
    }

    @Override
    public byte[] writeTable(Table table, WriteOptions options) {
        return CsvTables.write(table, options);
    }

    @Override
    public void writeValue(Value value, ByteSink out) {
        out.put(writeTable(Table.of("value").add(value), WriteOptions.DEFAULT));
    }
}
