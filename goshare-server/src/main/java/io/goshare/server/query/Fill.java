package io.goshare.server.query;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The clause {@code fill}: what stands in windows that hold nothing. */
record Fill(Kind kind, @Nullable Value constant) {
    /** Ways to fill. */
    enum Kind {
        NONE,
        NULL,
        PREVIOUS,
        LINEAR,
        CONST
    }

    static final Fill NONE = new Fill(Kind.NONE, null);

    static Fill parse(String text) {
        return switch (text) {
            case "none" -> NONE;
            case "null" -> new Fill(Kind.NULL, null);
            case "previous" -> new Fill(Kind.PREVIOUS, null);
            case "linear" -> new Fill(Kind.LINEAR, null);
            default -> {
                if (!text.startsWith("const:")) {
                    throw GoShareException.badField(
                            "fill", "fill=" + text + " is none of none, null, previous, linear and const:0");
                }
                yield new Fill(
                        Kind.CONST, Value.infer(Literal.of(text.substring(6)).bytes()));
            }
        };
    }

    boolean isNone() {
        return kind == Kind.NONE;
    }

    /** {@code all}, the cells from {@code firstCell} on of rows that hold nothing filled. */
    Rows applied(Rows all, int firstCell) {
        List<Row> rows = all.list();
        apply(rows, firstCell);
        return Rows.of(all.cells().width(), rows);
    }

    private void apply(List<Row> rows, int firstCell) {
        int before = -1;
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).empty()) {
                before = i;
                continue;
            }
            @Nullable Value[] cells = rows.get(i).cells();
            switch (kind) {
                case NONE, NULL -> {}
                case CONST -> Arrays.fill(cells, firstCell, cells.length, constant);
                case PREVIOUS -> {
                    if (before >= 0) {
                        System.arraycopy(
                                rows.get(before).cells(), firstCell, cells, firstCell, cells.length - firstCell);
                    }
                }
                case LINEAR -> {
                    int after = i + 1;
                    while (after < rows.size() && rows.get(after).empty()) {
                        after++;
                    }
                    if (before >= 0 && after < rows.size()) {
                        interpolate(rows.subList(before, after + 1), firstCell);
                        i = after - 1;
                    }
                }
            }
        }
    }

    /** All rows between the first and the last, by time. */
    private static void interpolate(List<Row> rows, int firstCell) {
        Row left = rows.get(0);
        Row right = rows.get(rows.size() - 1);
        for (Row row : rows.subList(1, rows.size() - 1)) {
            double part = ((double) row.time() - left.time()) / ((double) right.time() - left.time());
            for (int i = firstCell; i < row.cells().length; i++) {
                Value a = left.cells()[i];
                Value b = right.cells()[i];
                if (a != null && b != null && a.kind().isNumber() && b.kind().isNumber()) {
                    row.cells()[i] = Value.of(a.asDouble() + (b.asDouble() - a.asDouble()) * part);
                }
            }
        }
    }
}
