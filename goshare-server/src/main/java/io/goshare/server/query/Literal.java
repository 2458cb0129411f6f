package io.goshare.server.query;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.Optional;

/**
 * A value as a query spells it. The stored value decides how it is read: a number is equal if the numbers are, a text
 * if its bytes are, a boolean if it is called so; {@code 1} finds 1 and 1.0 and the text "1", but not true.
 */
record Literal(String text, byte[] bytes, Optional<Value> number) {
    static Literal of(String text) {
        byte[] bytes = Text.encode(text);
        return new Literal(text, bytes, Value.inferNumber(bytes, 0, bytes.length));
    }

    boolean equalTo(Columns columns, int row) {
        Kind kind = columns.kind(row);
        return switch (kind) {
            case TEXT, BYTES -> {
                long word = columns.words()[row];
                int offset = (int) (word >>> 32);
                yield Arrays.equals(columns.heap(), offset, offset + (int) word, bytes, 0, bytes.length);
            }
            case BOOLEAN -> text.equals(columns.words()[row] == 1 ? "true" : "false");
            case INTEGER ->
                number.isPresent()
                        && (number.get().kind() == Kind.INTEGER
                                ? number.get().word() == columns.words()[row]
                                : number.get().asDouble() == (double) columns.words()[row]);
            case DECIMAL, FLOAT -> number.isPresent() && number.get().asDouble() == columns.number(row);
        };
    }
}
