package io.goshare.protocol.format;

import com.google.protobuf.CodedInputStream;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import java.io.IOException;

/**
 * Reads a Body of docs/schema/goshare.proto as {@link ProtobufOutput} draws it: fields in any order, arrays packed or
 * not, what is not in the schema stepped over. The schema does not nest in itself and groups are refused, so the depth
 * is bounded; nothing is allocated before its bytes are there. For one body and one thread.
 */
final class ProtobufInput {
    private final CodedInputStream in;
    private final ValueColumn one = new ValueColumn();

    ProtobufInput(byte[] bytes, int offset, int length) {
        in = CodedInputStream.newInstance(bytes, offset, length);
    }

    /** Reads the field of this number and wire type, or steps over it with {@link #skip}. */
    private interface Field {
        void read(int number, int wireType) throws IOException;
    }

    private static GoShareException bad(String what) {
        return new GoShareException(ErrorCode.BAD_REQUEST, what + "; see goshare.proto");
    }

    private void fields(Field each) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            each.read(tag >>> 3, tag & 7);
        }
    }

    private void message(int wireType, Field each) throws IOException {
        expect(wireType, ProtobufOutput.LENGTH);
        int end = in.pushLimit(in.readRawVarint32());
        fields(each);
        in.popLimit(end);
    }

    private void skip(int wireType) throws IOException {
        switch (wireType) {
            case 0 -> in.readRawVarint64();
            case 1 -> in.skipRawBytes(8);
            case 2 -> in.skipRawBytes(in.readRawVarint32());
            case 5 -> in.skipRawBytes(4);
            default -> throw bad("the protobuf holds a group, or wire type " + wireType);
        }
    }

    private static void expect(int wireType, int expected) {
        if (wireType != expected) {
            throw bad("a field of the protobuf has wire type " + wireType + " where its type has " + expected);
        }
    }

    private byte[] bytes(int wireType) throws IOException {
        expect(wireType, ProtobufOutput.LENGTH);
        return in.readByteArray();
    }

    /** Reads the body's member {@code wanted} by {@code each}; another one, several, or none is refused. */
    private void body(int wanted, String what, Field each) {
        try {
            int[] found = new int[1];
            fields((number, wireType) -> {
                if (number > 3) {
                    skip(wireType);
                    return;
                }
                if (number != wanted) {
                    String other = number == 1 ? "points" : number == 2 ? "a table" : "a value";
                    throw bad("the body holds " + other + " where it is to hold " + what);
                }
                if (found[0]++ > 0) {
                    throw bad("the body holds " + what + " twice");
                }
                message(wireType, each);
            });
            if (found[0] == 0) {
                throw bad("the body is empty where it is to hold " + what);
            }
        } catch (IOException e) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the body is no whole protobuf: " + e.getMessage(), e);
        }
    }

    Value value() {
        body(3, "a value", this::kind);
        Value value = one.size() == 0 ? null : one.value(one.size() - 1);
        if (value == null) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the value is nothing");
        }
        return value;
    }

    /** A field of a Value: added to {@link #one}, where the last one counts. */
    private void kind(int number, int wireType) throws IOException {
        switch (number) {
            case 1, 2, 3 -> number(number, wireType, one);
            case 4, 5 -> payload(number == 4 ? Kind.TEXT : Kind.BYTES, wireType, one);
            default -> skip(wireType);
        }
    }

    /** A float, integer or boolean: kind 1, 2 or 3. */
    private void number(int kind, int wireType, ValueColumn to) throws IOException {
        expect(wireType, kind == 1 ? ProtobufOutput.FIXED : ProtobufOutput.VARINT);
        switch (kind) {
            case 1 -> to.add(Kind.FLOAT, 0, in.readRawLittleEndian64());
            case 2 -> to.add(Kind.INTEGER, 0, in.readSInt64());
            default -> to.add(Kind.BOOLEAN, 0, in.readBool() ? 1 : 0);
        }
    }

    private void payload(Kind kind, int wireType, ValueColumn to) throws IOException {
        byte[] bytes = bytes(wireType);
        to.add(kind, bytes, 0, bytes.length);
    }

    /** A whole Value, added to {@code to}. */
    private void value(int wireType, ValueColumn to) throws IOException {
        one.clear();
        message(wireType, this::kind);
        to.addFrom(one);
    }

    Table table() {
        TypedTables table = new TypedTables();
        ValueColumn cells = new ValueColumn();
        body(2, "a table", (number, wireType) -> {
            switch (number) {
                case 1 -> column(wireType, table);
                case 2 -> {
                    cells.clear();
                    message(wireType, (field, type) -> {
                        if (field != 1) {
                            skip(type);
                            return;
                        }
                        value(type, cells);
                        table.cells(cells.size());
                    });
                    table.row(cells);
                }
                default -> skip(wireType);
            }
        });
        return table.table();
    }

    private void column(int wireType, TypedTables table) throws IOException {
        byte[][] name = {new byte[0]};
        boolean[] time = new boolean[1];
        message(wireType, (number, type) -> {
            switch (number) {
                case 1 -> name[0] = bytes(type);
                case 2 -> {
                    expect(type, ProtobufOutput.VARINT);
                    time[0] = in.readRawVarint64() == 1;
                }
                default -> skip(type);
            }
        });
        table.column(name[0], 0, name[0].length, time[0]);
    }

    void points(PointSink sink) {
        PointEntry entry = new PointEntry(sink);
        body(1, "points", (number, wireType) -> {
            switch (number) {
                case 1 -> {
                    entry.begin();
                    entry.beginColumn(true);
                    entry.endColumn();
                    Series series = new Series(entry, sink);
                    message(wireType, series::field);
                    entry.send();
                }
                case 2 -> {
                    entry.begin();
                    message(wireType, (field, type) -> point(field, type, entry));
                    entry.send();
                }
                default -> skip(wireType);
            }
        });
    }

    private void point(int number, int wireType, PointEntry entry) throws IOException {
        switch (number) {
            case 1, 2 -> head(number, wireType, entry);
            case 3 -> {
                expect(wireType, ProtobufOutput.FIXED);
                entry.nanos(in.readRawLittleEndian64());
            }
            case 4 -> value(wireType, entry.values);
            default -> skip(wireType);
        }
    }

    private void head(int number, int wireType, PointEntry entry) throws IOException {
        if (number == 1) {
            byte[] path = bytes(wireType);
            entry.series.path(path, 0, path.length);
            return;
        }
        byte[][] tag = {new byte[0], new byte[0]};
        message(wireType, (field, type) -> {
            if (field == 1 || field == 2) {
                tag[field - 1] = bytes(type);
            } else {
                skip(type);
            }
        });
        entry.series.tagPart(tag[0], 0, tag[0].length);
        entry.series.tagPart(tag[1], 0, tag[1].length);
    }

    /** The fields of one Series, whose arrays may come in pieces. */
    private final class Series {
        private final PointEntry entry;
        private final PointSink sink;
        private int column;
        private int times;

        Series(PointEntry entry, PointSink sink) {
            this.entry = entry;
            this.sink = sink;
        }

        void field(int number, int wireType) throws IOException {
            if (number >= 4 && number <= 9) {
                if (column != 0 && column != number) {
                    entry.wrong("values", "stand in two columns; put values of several types in \"values\"");
                }
                column = number;
            }
            switch (number) {
                case 1, 2 -> head(number, wireType, entry);
                case 3 -> array(ProtobufOutput.FIXED, wireType, this::time);
                case 4 -> array(ProtobufOutput.FIXED, wireType, () -> number(1, ProtobufOutput.FIXED, room()));
                case 5, 6 ->
                    array(ProtobufOutput.VARINT, wireType, () -> number(number - 3, ProtobufOutput.VARINT, room()));
                case 7 -> payload(Kind.TEXT, wireType, room());
                case 8 -> payload(Kind.BYTES, wireType, room());
                case 9 -> value(wireType, room());
                default -> skip(wireType);
            }
        }

        private ValueColumn room() {
            sink.room(entry.values.size() + 1);
            return entry.values;
        }

        private void time() throws IOException {
            if (times++ == 0) {
                entry.beginColumn(false);
                entry.endColumn();
            }
            sink.room(times);
            entry.nanos(in.readRawLittleEndian64());
        }
    }

    private interface Element {
        void read() throws IOException;
    }

    /** Elements of a repeated number: packed, or this one alone. */
    private void array(int expected, int wireType, Element each) throws IOException {
        if (wireType != ProtobufOutput.LENGTH) {
            expect(wireType, expected);
            each.read();
            return;
        }
        int end = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            each.read();
        }
        in.popLimit(end);
    }
}
