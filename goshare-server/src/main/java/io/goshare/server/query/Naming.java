package io.goshare.server.query;

import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The columns that say which series a row is of: its path, the segments captured, the tags that any of them has. */
record Naming(Selector selector, List<String> labels, List<String> tags) {
    static Naming of(Selector selector, SeriesReader.View view) {
        return new Naming(selector, selector.labels(), view.tagNames());
    }

    /** A tag whose name is taken becomes {@code tag:name}. */
    List<Column> columns(List<Column> others) {
        List<Column> columns = new ArrayList<>();
        Set<String> taken = new TreeSet<>();
        others.forEach(column -> taken.add(column.name()));
        columns.add(new Column("path", Table.Type.VALUE));
        taken.add("path");
        for (String label : labels) {
            String name = taken.add(label) ? label : "@" + label;
            columns.add(new Column(name, Table.Type.VALUE));
        }
        for (String tag : tags) {
            columns.add(new Column(taken.add(tag) ? tag : "tag:" + tag, Table.Type.VALUE));
        }
        columns.addAll(others);
        return columns;
    }

    int width() {
        return 1 + labels.size() + tags.size();
    }

    /** The first {@link #width} cells of a row. */
    @Nullable
    Value[] cells(SeriesKey key) {
        @Nullable Value[] cells = new @Nullable Value[width()];
        int at = 0;
        cells[at++] = Value.of(key.path().toString());
        if (!labels.isEmpty()) {
            var captured = selector.capture(key);
            for (String label : labels) {
                cells[at++] = text(captured.get(label));
            }
        }
        for (String tag : tags) {
            cells[at++] = text(key.tags().get(tag));
        }
        return cells;
    }

    private static @Nullable Value text(@Nullable String text) {
        return text == null ? null : Value.of(text);
    }
}
