package io.goshare.protocol.format;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A table on its way in from a body that lists its columns before its rows. For one thread. */
final class TypedTables {
    private final List<Table.Column> columns = new ArrayList<>();
    private @Nullable Table table;

    /** A column; one that is named like a time is one, whatever {@code time} says. */
    void column(byte[] in, int offset, int length, boolean time) {
        if (table != null) {
            throw new GoShareException(ErrorCode.BAD_REQUEST, "a table's columns stand before its rows");
        }
        if (columns.size() == CsvScanner.MAX_FIELDS) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST, "a table has " + CsvScanner.MAX_FIELDS + " columns at most");
        }
        Table.Column column =
                Table.of(Text.decode(in, offset, length)).columns().get(0);
        if (columns.stream().anyMatch(other -> other.name().equals(column.name()))) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST, "a table has the column \"" + Text.shown(column.name()) + "\" twice");
        }
        columns.add(time ? new Table.Column(column.name(), Table.Type.TIME) : column);
    }

    /** Refuses more cells in a row than there are columns, before they pile up. */
    void cells(int count) {
        if (count > columns.size()) {
            throw wrongCount(count);
        }
    }

    private GoShareException wrongCount(int count) {
        int row = table().size() + 1;
        return GoShareException.badRow(
                row,
                null,
                "row " + row + ": has " + count + " cells where the table has " + columns.size()
                        + " columns; a cell without a value is nothing");
    }

    /** Adds the values of {@code cells} as a row. */
    void row(ValueColumn cells) {
        Table to = table();
        int row = to.size() + 1;
        if (cells.size() != columns.size()) {
            throw wrongCount(cells.size());
        }
        @Nullable Value[] values = new @Nullable Value[cells.size()];
        for (int i = 0; i < values.length; i++) {
            Value value = cells.value(i);
            boolean time = value != null && columns.get(i).type() == Table.Type.TIME;
            values[i] = value != null && time ? time(value, row, columns.get(i).name()) : value;
        }
        to.add(values);
    }

    private static Value time(Value value, int row, String column) {
        try {
            return switch (value.kind()) {
                case INTEGER -> value;
                case TEXT -> Value.of(TimeText.parse(value.asText(), TimeUnit.NANOSECONDS));
                default -> throw new IllegalArgumentException("is no time; write nanoseconds since 1970 as an integer");
            };
        } catch (IllegalArgumentException e) {
            throw GoShareException.badRow(row, column, "row " + row + ", " + column + ": " + e.getMessage());
        }
    }

    Table table() {
        Table known = table;
        if (known == null) {
            known = Table.of(columns);
            table = known;
        }
        return known;
    }
}
