package io.goshare.protocol.format;

import io.goshare.protocol.Cells;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tables as CSV under a header line. A column {@code value} has its type beside it, in a column {@code type} of the
 * letters {@code f i b t x}; without that column its cells are numbers where they look like it, else text. In all other
 * columns a quoted cell is text, and one without quotes a number, {@code true}, {@code false}, {@code NaN},
 * {@code Infinity}, {@code $x:base64}, or text if it is none of these. An empty cell without quotes is nothing.
 */
final class CsvTables {
    private static final String BYTES = "$x:";

    private CsvTables() {}

    static byte[] write(Table table, WriteOptions options) {
        int typed = table.column("type") < 0 ? table.column("value") : -1;
        int columns = table.columns().size();
        boolean[] isTime = new boolean[columns];
        ByteSink head = new ByteSink();
        for (int i = 0; i < columns; i++) {
            byte[] name = Text.encode(table.columns().get(i).name());
            Csv.field(name, 0, name.length, false, head.put(i == 0 ? new byte[0] : new byte[] {','}));
            isTime[i] = table.columns().get(i).type() == Table.Type.TIME;
        }
        head.put((typed < 0 ? "\n" : ",type\n").getBytes(StandardCharsets.US_ASCII));
        return TableBlocks.write(
                head,
                table,
                (rows, isFirst, out) -> new Writer(rows, isTime, typed, options, out).rows(),
                new ByteSink(0));
    }

    /** Writes rows. What is written again is copied: the cells that a row begins with, and those of a column. */
    private static final class Writer {
        private final Cells cells;
        private final boolean[] isTime;
        private final int typed;
        private final WriteOptions options;
        private final ByteSink out;
        private final int[] from;
        private final int[] to;

        Writer(Cells cells, boolean[] isTime, int typed, WriteOptions options, ByteSink out) {
            this.cells = cells;
            this.isTime = isTime;
            this.typed = typed;
            this.options = options;
            this.out = out;
            from = new int[cells.width()];
            to = new int[cells.width()];
        }

        void rows() {
            for (int row = 0; row < cells.rows(); row++) {
                row(row);
            }
        }

        private void row(int row) {
            int begin = out.size();
            int column = 0;
            while (row > 0 && column < from.length && cells.same(row, row - 1, column)) {
                column++;
            }
            if (column > 0) {
                int before = from[0];
                out.putAgain(before, to[column - 1] - before);
                for (int i = 0; i < column; i++) {
                    from[i] += begin - before;
                    to[i] += begin - before;
                }
            }
            for (; column < from.length; column++) {
                if (column > 0) {
                    out.put(',');
                }
                int start = out.size();
                if (row > 0 && cells.same(row, row - 1, column)) {
                    out.putAgain(from[column], to[column] - from[column]);
                } else if (cells.has(row, column)) {
                    cell(row, column);
                }
                from[column] = start;
                to[column] = out.size();
            }
            if (typed >= 0) {
                out.put(',');
                if (cells.has(row, typed)) {
                    out.put(cells.kind(row, typed).letter());
                }
            }
            out.put('\n');
        }

        private void cell(int row, int column) {
            Kind kind = cells.kind(row, column);
            if (kind == Kind.INTEGER) {
                if (isTime[column]) {
                    Csv.time(cells.word(row, column), options.times(), out);
                } else {
                    NumberText.printInteger(cells.word(row, column), out);
                }
            } else if (kind == Kind.DECIMAL && (column == typed || cells.scale(row, column) > 0)) {
                NumberText.printDecimal(cells.word(row, column), cells.scale(row, column), out);
            } else {
                Value value = Objects.requireNonNull(cells.value(row, column));
                if (column == typed) {
                    Csv.value(value, out);
                } else {
                    CsvTables.cell(value, out);
                }
            }
        }
    }

    private static void cell(Value cell, ByteSink out) {
        switch (cell.kind()) {
            case TEXT -> {
                byte[] bytes = cell.bytes();
                boolean isPlain = bytes.length > 0 && isPlain(bytes[0]);
                Csv.field(bytes, 0, bytes.length, !isPlain && !plain(bytes).equals(cell), out);
            }
            case BYTES ->
                out.put((BYTES + Base64.getEncoder().encodeToString(cell.bytes())).getBytes(StandardCharsets.US_ASCII));
            case DECIMAL -> {
                if (cell.scale() == 0) {
                    long bits = Double.doubleToRawLongBits(cell.asDouble());
                    out.put(NumberText.printFloat(bits).getBytes(StandardCharsets.US_ASCII));
                } else {
                    Csv.value(cell, out);
                }
            }
            default -> Csv.value(cell, out);
        }
    }

    /** Whether a text that begins like this is sure to be read as text without quotes. */
    private static boolean isPlain(byte first) {
        return first >= 'a' && first <= 'z' && first != 't' && first != 'f' || first < 0;
    }

    /** What a cell without quotes means; empty ones are nothing, which is no text either. */
    private static Value plain(byte[] bytes) {
        Value inferred = Value.infer(bytes);
        if (inferred.kind() != Kind.TEXT) {
            return inferred;
        }
        if (bytes.length == 0) {
            return Value.of(false);
        }
        String text = Text.decode(bytes);
        if (text.equals("true") || text.equals("false")) {
            return Value.of(text.equals("true"));
        }
        try {
            if (text.startsWith(BYTES)) {
                return Value.of(Base64.getDecoder().decode(text.substring(BYTES.length())));
            }
            char first = text.charAt(0);
            if (first == 'N' || first == 'I' || first == '-' || first >= '0' && first <= '9') {
                return number(text, inferred);
            }
        } catch (IllegalArgumentException e) {
            return inferred;
        }
        return inferred;
    }

    /** Only what a float is printed as: 007 and 20 digits stay text. */
    private static Value number(String text, Value else_) {
        long bits = NumberText.floatBits(text);
        return NumberText.printFloat(bits).equals(text) ? Value.of(Double.longBitsToDouble(bits)) : else_;
    }

    static Table read(byte[] in, int offset, int length, TimeUnit unit) {
        CsvScanner rows = new CsvScanner(in, offset, length);
        if (!rows.hasNext()) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST, "the body is empty; a table begins with a line of column names");
        }
        next(rows, 0);
        String[] names = new String[rows.fields()];
        for (int i = 0; i < names.length; i++) {
            names[i] = rows.text(i);
        }
        boolean typed =
                Arrays.asList(names).contains("value") && Arrays.asList(names).contains("type");
        Table table = Table.of(typed ? without(names, "type") : names);
        long row = 0;
        while (rows.hasNext()) {
            row++;
            next(rows, row);
            if (rows.fields() != names.length) {
                throw GoShareException.badRow(
                        row,
                        null,
                        "row " + row + " has " + rows.fields() + " fields where the header has " + names.length);
            }
            table.add(cells(rows, names, typed, table, unit, row));
        }
        return table;
    }

    private static void next(CsvScanner rows, long row) {
        try {
            rows.next();
        } catch (IllegalArgumentException e) {
            throw GoShareException.badRow(row, null, "row " + row + ": " + e.getMessage());
        }
    }

    private static String[] without(String[] names, String name) {
        return Arrays.stream(names).filter(each -> !each.equals(name)).toArray(String[]::new);
    }

    private static @Nullable Value[] cells(
            CsvScanner rows, String[] names, boolean typed, Table table, TimeUnit unit, long row) {
        int type = typed ? Arrays.asList(names).indexOf("type") : -1;
        @Nullable Value[] cells = new @Nullable Value[table.columns().size()];
        int to = 0;
        for (int i = 0; i < names.length; i++) {
            if (i == type) {
                continue;
            }
            try {
                boolean time = table.columns().get(to).type() == Table.Type.TIME;
                boolean untyped = !typed || !names[i].equals("value") || rows.length(type) == 0;
                if (rows.length(i) == 0 && !rows.quoted(i) && untyped) {
                    cells[to] = null;
                } else if (time) {
                    cells[to] = time(rows, i, unit);
                } else if (!names[i].equals("value")) {
                    cells[to] = rows.quoted(i) ? Value.text(rows.copy(i)) : plain(rows.copy(i));
                } else {
                    cells[to] = typed ? declared(rows, i, type) : Value.infer(rows.copy(i));
                }
            } catch (IllegalArgumentException e) {
                throw GoShareException.badRow(row, names[i], "row " + row + ", " + names[i] + ": " + e.getMessage());
            }
            to++;
        }
        return cells;
    }

    private static Value time(CsvScanner rows, int field, TimeUnit unit) {
        return Value.of(TimeText.parse(rows.bytes(field), rows.start(field), rows.length(field), unit));
    }

    /**
     * The value in {@code field} of the type that {@code type} declares; undeclared where these are one or it is empty.
     */
    static Value declared(CsvScanner rows, int field, int type) {
        if (type == field || rows.length(type) == 0) {
            return Value.infer(rows.copy(field));
        }
        int letter = rows.length(type) == 1 ? rows.bytes(type)[rows.start(type)] : 0;
        PointSink one = new PointSink(PointOptions.DEFAULT, 1);
        one.addDeclared(0, PointBatch.NO_TIME, letter, rows.bytes(field), rows.start(field), rows.length(field));
        return one.batch.build().value(0);
    }
}
