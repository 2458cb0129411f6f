package io.goshare.protocol.format;

import com.fasterxml.jackson.core.JsonToken;
import io.goshare.protocol.Cells;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tables as JSON: an array of objects, or objects one after the other, a line each. The columns are the names in the
 * order they first appear; one that an object leaves out is nothing there, as is null.
 */
final class JsonTables {
    private JsonTables() {}

    static byte[] write(Table table, WriteOptions options, boolean lines) {
        byte[][] names = names(table);
        boolean[] isTime = times(table);
        ByteSink head = new ByteSink();
        ByteSink tail = new ByteSink();
        if (!lines) {
            head.put('[');
            tail.put(']');
        }
        if (!lines || !table.blocks().isEmpty()) {
            tail.put('\n');
        }
        return TableBlocks.write(
                head,
                table,
                (rows, isFirst, out) -> {
                    for (int row = 0; row < rows.rows(); row++) {
                        JsonOutput.ascii(isFirst && row == 0 ? "" : lines ? "\n" : ",\n", out);
                        object(rows, row, names, isTime, options, out);
                    }
                },
                tail);
    }

    /** Writes each row as a line of its own, {@code before} in front of it. */
    static void writeLines(Table table, String before, WriteOptions options, ByteSink out) {
        byte[][] names = names(table);
        boolean[] isTime = times(table);
        for (Cells rows : table.blocks()) {
            for (int row = 0; row < rows.rows(); row++) {
                JsonOutput.ascii(before, out);
                object(rows, row, names, isTime, options, out);
                out.put('\n');
            }
        }
    }

    /** What stands before each cell of an object. */
    private static byte[][] names(Table table) {
        byte[][] names = new byte[table.columns().size()][];
        ByteSink name = new ByteSink();
        for (int i = 0; i < names.length; i++) {
            JsonOutput.string(table.columns().get(i).name(), name.truncate(0).put(i == 0 ? '{' : ','));
            names[i] = name.put(':').toByteArray();
        }
        return names;
    }

    private static boolean[] times(Table table) {
        boolean[] isTime = new boolean[table.columns().size()];
        for (int i = 0; i < isTime.length; i++) {
            isTime[i] = table.columns().get(i).type() == Table.Type.TIME;
        }
        return isTime;
    }

    private static void object(
            Cells rows, int row, byte[][] names, boolean[] isTime, WriteOptions options, ByteSink out) {
        if (names.length == 0) {
            out.put('{');
        }
        for (int i = 0; i < names.length; i++) {
            out.put(names[i]);
            Value cell = rows.value(row, i);
            if (cell == null) {
                JsonOutput.ascii("null", out);
            } else if (isTime[i] && cell.kind() == Kind.INTEGER) {
                JsonOutput.time(cell.word(), options.times(), out);
            } else {
                JsonOutput.value(cell, out);
            }
        }
        out.put('}');
    }

    static Table read(byte[] bytes, int offset, int length, TimeUnit unit) {
        JsonInput in = new JsonInput(bytes, offset, length);
        TableRows rows = new TableRows(unit);
        for (JsonToken token = in.next(); token != null; token = in.next()) {
            if (token == JsonToken.START_OBJECT) {
                object(in, rows);
            } else if (token == JsonToken.START_ARRAY) {
                for (JsonToken each = in.expectNext(); each != JsonToken.END_ARRAY; each = in.expectNext()) {
                    if (each != JsonToken.START_OBJECT) {
                        throw notRows();
                    }
                    object(in, rows);
                }
            } else {
                throw notRows();
            }
        }
        return rows.table();
    }

    private static GoShareException notRows() {
        return new GoShareException(
                ErrorCode.BAD_REQUEST, "rows are an array of objects: [{\"key\":\"a\",\"value\":1}]");
    }

    private static void object(JsonInput in, TableRows rows) {
        rows.nextRow();
        ValueColumn one = new ValueColumn();
        for (JsonToken token = in.expectNext(); token != JsonToken.END_OBJECT; token = in.expectNext()) {
            String name = in.name();
            one.clear();
            in.value(in.expectNext(), one);
            String wrong = in.wrong();
            if (wrong != null) {
                throw rows.bad(name, wrong);
            }
            rows.cell(name, one.value(0));
        }
    }

    static Value readValue(byte[] bytes, int offset, int length) {
        JsonInput in = new JsonInput(bytes, offset, length);
        ValueColumn one = new ValueColumn();
        in.value(in.expectNext(), one);
        String wrong = in.wrong();
        Value value = one.value(0);
        if (value == null) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "the value " + (wrong == null ? "is null" : wrong));
        }
        in.expectEnd();
        return value;
    }

    /** Rows of named cells that become a table once all names are known. */
    static final class TableRows {
        private final TimeUnit unit;
        private final Map<String, Integer> columns = new LinkedHashMap<>();
        private final List<Map<Integer, Value>> rows = new ArrayList<>();

        TableRows(TimeUnit unit) {
            this.unit = unit;
        }

        void nextRow() {
            rows.add(new LinkedHashMap<>());
        }

        GoShareException bad(String name, String reason) {
            return GoShareException.badRow(rows.size(), name, "row " + rows.size() + ", " + name + ": " + reason);
        }

        void cell(String name, @Nullable Value value) {
            Integer known = columns.get(name);
            if (known == null) {
                if (columns.size() >= CsvScanner.MAX_FIELDS) {
                    throw bad(name, "is one column too many");
                }
                known = columns.size();
                columns.put(name, known);
            }
            if (value != null) {
                rows.get(rows.size() - 1).put(known, value);
            }
        }

        Table table() {
            Table table = Table.of(columns.keySet().toArray(new String[0]));
            for (int row = 0; row < rows.size(); row++) {
                @Nullable Value[] cells = new @Nullable Value[columns.size()];
                for (Map.Entry<Integer, Value> cell : rows.get(row).entrySet()) {
                    boolean time = table.columns().get(cell.getKey()).type() == Table.Type.TIME;
                    cells[cell.getKey()] = time ? time(table, row, cell.getKey(), cell.getValue()) : cell.getValue();
                }
                table.add(cells);
            }
            return table;
        }

        private Value time(Table table, int row, int column, Value value) {
            try {
                return switch (value.kind()) {
                    case INTEGER -> Value.of(TimeText.nanos(value.word(), unit));
                    case TEXT -> Value.of(TimeText.parse(value.asText(), unit));
                    default -> throw new IllegalArgumentException("is no time");
                };
            } catch (IllegalArgumentException e) {
                String name = table.columns().get(column).name();
                throw GoShareException.badRow(row + 1, name, "row " + (row + 1) + ", " + name + ": " + e.getMessage());
            }
        }
    }
}
