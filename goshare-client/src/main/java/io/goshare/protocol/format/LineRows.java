package io.goshare.protocol.format;

import io.goshare.protocol.column.ByteSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stood before the fields of lines, measurement and tags, by its bytes; and for each the fields that came with it,
 * in their order. Lines tend to come in the order they came last time, so each row points to the one that followed it.
 * For one thread.
 */
final class LineRows {
    private static final byte[] NONE = {};
    /** So many fields of a row are looked through; those behind stand in a table. */
    private static final int FEW = 16;

    /** A measurement and its tags as they were sent, and the numbers of the series of its fields. */
    static final class Row {
        final byte[] name;
        private final int number;
        private byte[][] fields = new byte[4][];
        private int[] series = new int[4];
        private int count;
        private Row next = this;

        private Row(byte[] name, int number) {
            this.name = name;
            this.number = number;
        }

        /** The field at {@code place} as it was sent, with the equals sign behind; empty if there was none yet. */
        byte[] field(int place) {
            return place < count ? fields[place] : NONE;
        }

        int series(int place) {
            return series[place];
        }

        /** Where a field stands among the first few; -1 if it is not one of them. */
        private int place(byte[] in, int offset, int length) {
            for (int i = 0; i < count && i < FEW; i++) {
                if (fields[i].length == length + 1
                        && Arrays.equals(fields[i], 0, length, in, offset, offset + length)) {
                    return i;
                }
            }
            return -1;
        }

        private void add(byte[] field, int number) {
            if (count == series.length) {
                fields = Arrays.copyOf(fields, count * 2);
                series = Arrays.copyOf(series, count * 2);
            }
            fields[count] = field;
            series[count++] = number;
        }
    }

    private final NameTable rowNames = new NameTable();
    private final List<Row> rows = new ArrayList<>();
    private final NameTable fieldNames = new NameTable();
    private final List<byte[]> fields = new ArrayList<>();
    private final NameTable pairs = new NameTable();
    private final ByteSink pair = new ByteSink();
    private Row last = new Row(NONE, -1);

    int size() {
        return rows.size();
    }

    /** Forgets all rows; the room stays. */
    void clear() {
        rowNames.clear();
        rows.clear();
        fieldNames.clear();
        fields.clear();
        pairs.clear();
        last = new Row(NONE, -1);
    }

    /** The row whose name is expected at the next line. */
    Row expected() {
        return last.next;
    }

    /** Goes on to {@code row}, which stood behind the one before. */
    Row follow(Row row) {
        last.next = row;
        last = row;
        return row;
    }

    Row row(byte[] in, int offset, int length) {
        int known = rowNames.find(in, offset, length);
        if (known >= 0) {
            return rows.get(known);
        }
        Row row = new Row(Arrays.copyOfRange(in, offset, offset + length), rows.size());
        rowNames.put(in, offset, length, row.number);
        rows.add(row);
        return row;
    }

    /** The series of a field that did not stand at its place; -1 if it never came with this row. */
    int find(Row row, byte[] in, int offset, int length) {
        int place = row.place(in, offset, length);
        if (place >= 0 || row.count < FEW) {
            return place < 0 ? -1 : row.series[place];
        }
        pair.truncate(0).putVarint(row.number).put(in, offset, length);
        return pairs.find(pair.array(), 0, pair.size());
    }

    /** Remembers the series of a field that {@link #find} just missed. */
    void put(Row row, int place, byte[] in, int offset, int length, int series) {
        if (row.count >= FEW) {
            pairs.put(pair.array(), 0, pair.size(), series);
        }
        if (row.count < FEW || place == row.count) {
            row.add(field(in, offset, length), series);
        }
    }

    /** The name with the equals sign behind, the same object for all rows. */
    private byte[] field(byte[] in, int offset, int length) {
        int known = fieldNames.find(in, offset, length);
        if (known >= 0) {
            return fields.get(known);
        }
        byte[] field = Arrays.copyOfRange(in, offset, offset + length + 1);
        field[length] = '=';
        fieldNames.put(in, offset, length, fields.size());
        fields.add(field);
        return field;
    }
}
