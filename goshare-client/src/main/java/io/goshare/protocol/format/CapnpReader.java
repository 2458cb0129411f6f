package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.format.CapnpInput.Items;
import io.goshare.protocol.format.CapnpInput.Struct;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;

/** Reads a Body of docs/schema/goshare.capnp, as {@link CapnpWriter} draws it. For one body and one thread. */
final class CapnpReader {
    private static final String[] MEMBERS = {"points", "a table", "a value"};

    private final CapnpInput in;

    CapnpReader(byte[] bytes, int offset, int length) {
        in = new CapnpInput(bytes, offset, length);
    }

    /** The struct of the body's member {@code wanted}. */
    private Struct body(int wanted) {
        Struct body = in.root();
        int found = union(body);
        if (found != wanted) {
            String other = found < MEMBERS.length ? MEMBERS[found] : "something newer than this schema";
            throw CapnpInput.bad("holds " + other + " where it is to hold " + MEMBERS[wanted]);
        }
        return in.struct(body, 0);
    }

    private int union(Struct of) {
        return (int) in.word(of, 0) & 0xffff;
    }

    Value value() {
        ValueColumn one = new ValueColumn();
        value(body(2), one);
        Value value = one.value(0);
        if (value == null) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the value is nothing");
        }
        return value;
    }

    private void value(Struct value, ValueColumn to) {
        switch (union(value)) {
            case 0 -> to.addNothing();
            case 1 -> to.add(Kind.FLOAT, 0, in.word(value, 1));
            case 2 -> to.add(Kind.INTEGER, 0, in.word(value, 1));
            case 3 -> to.add(Kind.BOOLEAN, 0, in.word(value, 1) & 1);
            case 4 -> payload(Kind.TEXT, in.data(value, 0), to);
            case 5 -> payload(Kind.BYTES, in.data(value, 0), to);
            default -> throw CapnpInput.bad("holds a value of a type newer than this schema");
        }
    }

    private void payload(Kind kind, Items data, ValueColumn to) {
        to.add(kind, in.array(), data.at(), data.count());
    }

    Table table() {
        Struct body = body(1);
        TypedTables table = new TypedTables();
        Items columns = in.list(body, 0, CapnpOutput.STRUCT);
        for (int i = 0; i < columns.count(); i++) {
            Struct column = columns.struct(i);
            Items name = in.data(column, 0);
            table.column(in.array(), name.at(), name.count(), union(column) == 1);
        }
        Items rows = in.list(body, 1, CapnpOutput.STRUCT);
        ValueColumn cells = new ValueColumn();
        for (int i = 0; i < rows.count(); i++) {
            Items row = in.list(rows.struct(i), 0, CapnpOutput.STRUCT);
            table.cells(row.count());
            cells.clear();
            for (int each = 0; each < row.count(); each++) {
                value(row.struct(each), cells);
            }
            table.row(cells);
        }
        return table.table();
    }

    void points(PointSink sink) {
        Struct body = body(0);
        PointEntry entry = new PointEntry(sink);
        Items series = in.list(body, 0, CapnpOutput.STRUCT);
        for (int i = 0; i < series.count(); i++) {
            entry.begin();
            series(series.struct(i), entry, sink);
            entry.send();
        }
        Items rows = in.list(body, 1, CapnpOutput.STRUCT);
        for (int i = 0; i < rows.count(); i++) {
            Struct point = rows.struct(i);
            entry.begin();
            head(point, entry);
            entry.nanos(in.word(point, 0) ^ PointBatch.NO_TIME);
            value(in.struct(point, 2), entry.values);
            entry.send();
        }
    }

    private void head(Struct of, PointEntry entry) {
        Items path = in.data(of, 0);
        if (path.count() > 0) {
            entry.series.path(in.array(), path.at(), path.count());
        }
        Items tags = in.list(of, 1, CapnpOutput.STRUCT);
        for (int i = 0; i < tags.count(); i++) {
            for (int part = 0; part < 2; part++) {
                Items text = in.data(tags.struct(i), part);
                entry.series.tagPart(in.array(), text.at(), text.count());
            }
        }
    }

    private void series(Struct series, PointEntry entry, PointSink sink) {
        head(series, entry);
        Items times = in.list(series, 2, CapnpOutput.WORD);
        sink.room(times.count());
        if (times.count() > 0) {
            entry.beginColumn(false);
            entry.endColumn();
        }
        for (int i = 0; i < times.count(); i++) {
            entry.nanos(in.word(times, i));
        }
        entry.beginColumn(true);
        entry.endColumn();
        values(series, entry.values, sink);
    }

    private void values(Struct series, ValueColumn to, PointSink sink) {
        int union = union(series);
        Items values = in.list(
                series,
                3,
                switch (union) {
                    case 0 -> CapnpOutput.STRUCT;
                    case 1, 2 -> CapnpOutput.WORD;
                    case 3 -> CapnpOutput.BIT;
                    case 4, 5 -> CapnpOutput.POINTER;
                    default -> throw CapnpInput.bad("holds values of a type newer than this schema");
                });
        sink.room(values.count());
        for (int i = 0; i < values.count(); i++) {
            switch (union) {
                case 0 -> value(values.struct(i), to);
                case 1 -> to.add(Kind.FLOAT, 0, in.word(values, i));
                case 2 -> to.add(Kind.INTEGER, 0, in.word(values, i));
                case 3 -> to.add(Kind.BOOLEAN, 0, in.bit(values, i) ? 1 : 0);
                default -> payload(union == 4 ? Kind.TEXT : Kind.BYTES, in.data(values, i), to);
            }
        }
    }
}
