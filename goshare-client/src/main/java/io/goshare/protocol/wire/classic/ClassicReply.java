package io.goshare.protocol.wire.classic;

import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import io.goshare.protocol.wire.classic.TaskType.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was read, as CSV rows or one JSON object. */
final class ClassicReply {
    private ClassicReply() {}

    /** The bytes, each key once, or empty where nothing was found; an empty value counts as nothing. */
    static Optional<byte[]> print(Reply reply, Values as) {
        Map<String, String> found = found(reply);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String text = as == Values.JSON ? GoJson.write(found) : csv(found);
        return Optional.of(Text.encode(text));
    }

    private static Map<String, String> found(Reply reply) {
        if (!(reply.result() instanceof Result.Rows rows)) {
            return Map.of();
        }
        Table table = rows.table();
        int key = Math.max(0, table.column("key"));
        int value = table.column("value") < 0 ? 1 : table.column("value");
        Map<String, String> found = new LinkedHashMap<>();
        for (@Nullable Value[] row : table.rows()) {
            Value name = row[key];
            Value held = row[value];
            if (name != null && held != null && held.classicBytes().length > 0) {
                found.put(Text.decode(name.classicBytes()), Text.decode(held.classicBytes()));
            }
        }
        return found;
    }

    private static String csv(Map<String, String> found) {
        StringBuilder out = new StringBuilder();
        found.forEach((key, value) -> {
            out.append(out.isEmpty() ? "" : "\n");
            GoCsv.write(key, out);
            out.append(',');
            GoCsv.write(value, out);
        });
        return GoText.trim(out.toString());
    }
}
