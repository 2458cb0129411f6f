package io.goshare.server.cli;

import io.goshare.protocol.Format;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import io.goshare.protocol.wire.WireReply;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints replies: bytes in the format asked for, or, for a person at a terminal, a table. */
final class ReplyPrinter {
    private final PrintStream out;
    private final PrintStream notes;
    private final boolean terminal;

    ReplyPrinter(PrintStream out, PrintStream notes, boolean terminal) {
        this.out = out;
        this.notes = notes;
        this.terminal = terminal;
    }

    void print(Reply reply, Optional<String> format, Optional<String> times) {
        if (reply.result() instanceof Result.Empty) {
            reply.notes().forEach((name, value) -> out.println(name + "=" + value));
        } else if (reply.result() instanceof Result.Rows rows && terminal && format.isEmpty()) {
            table(rows.table());
        } else {
            boolean table = reply.result() instanceof Result.Rows || reply.result() instanceof Result.Points;
            Optional<Format> chosen = format.map(word -> Format.valueOf(word.toUpperCase(Locale.ROOT)))
                    .or(() -> table ? Optional.of(Format.CSV) : Optional.empty());
            byte[] bytes = WireReply.of(reply, chosen, times.orElse(terminal ? "rfc3339" : "ns"))
                    .body();
            out.write(bytes, 0, bytes.length);
            if (terminal && bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
                out.println();
            }
        }
        out.flush();
        if (!(reply.result() instanceof Result.Empty)) {
            reply.notes().forEach((name, value) -> notes.println(name + "=" + value));
        }
    }

    /** The result as CSV. */
    static String csv(Reply reply, String times) {
        return new String(WireReply.of(reply, Optional.of(Format.CSV), times).body(), StandardCharsets.UTF_8);
    }

    /** Columns side by side, each as wide as its widest cell; times in UTC. */
    private void table(Table table) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(table.columns().stream().map(Table.Column::name).toList());
        for (@Nullable Value[] row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                cells.add(cell(row[i], table.columns().get(i).type()));
            }
            rows.add(cells);
        }
        int[] widths = new int[table.columns().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String cell(@Nullable Value value, Table.Type type) {
        if (value == null) {
            return "";
        }
        if (type == Table.Type.TIME && value.kind() == Kind.INTEGER) {
            return Instant.ofEpochSecond(0, value.word()).toString();
        }
        // A value from outside must not steer the terminal.
        return value.asText().replaceAll("\\p{Cntrl}", "�");
    }
}
