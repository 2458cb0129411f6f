package io.goshare.server.http;

import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import org.jspecify.annotations.Nullable;

/** The reply to {@code info} as rows of an HTML table. */
final class StatusPage {
    private StatusPage() {}

    static String rows(Reply info) {
        StringBuilder out = new StringBuilder();
        if (info.result() instanceof Result.Rows rows) {
            Table table = rows.table();
            out.append("<tr>");
            for (Table.Column column : table.columns()) {
                out.append("<th>").append(escape(column.name())).append("</th>");
            }
            out.append("</tr>\n");
            for (@Nullable Value[] row : table.rows()) {
                out.append("<tr>");
                for (Value cell : row) {
                    out.append("<td>")
                            .append(cell == null ? "" : escape(cell.asText()))
                            .append("</td>");
                }
                out.append("</tr>\n");
            }
        }
        info.notes()
                .forEach((name, value) -> out.append("<tr><td>")
                        .append(escape(name))
                        .append("</td><td>")
                        .append(escape(value))
                        .append("</td></tr>\n"));
        return out.toString();
    }

    static String escape(String text) {
        return Text.shown(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
