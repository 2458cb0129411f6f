package io.goshare.server.keyvalue;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold of a key for a change of it to be accepted; judged on the commit thread. */
public sealed interface Condition {
    /** Holds always. */
    Condition NONE = new None();

    /** Holds always. */
    record None() implements Condition {}

    /** The key stands at this revision; 0: there is no such key. */
    record AtRevision(long revision) implements Condition {}

    /** The key holds a value that this text means: the same bytes, or the same once the type of both is inferred. */
    record Holds(String text) implements Condition {
        boolean isMetBy(Value value) {
            byte[] wanted = Text.encode(text);
            return value.kind() == Kind.TEXT && Arrays.equals(value.bytes(), wanted)
                    || value.equals(Value.infer(wanted))
                    || value.asText().equals(text);
        }
    }

    /**
     * Refuses if this does not hold of what is there.
     *
     * @param name the key, for people
     * @param value what it holds, or null if it is missing
     * @param opened the revision that put the value; meaningless if it is missing
     * @param last the newest revision that put it again unchanged; meaningless if it is missing
     * @throws GoShareException CONFLICT, which tells the current revision
     */
    default void check(String name, @Nullable Value value, long opened, long last) {
        boolean met =
                switch (this) {
                    case None ignored -> true;
                    case AtRevision at ->
                        value == null ? at.revision == 0 : at.revision >= opened && at.revision <= last;
                    case Holds holds -> value != null && holds.isMetBy(value);
                };
        if (!met) {
            String found = value == null ? "is missing (revision 0)" : "stands at revision " + last;
            throw new GoShareException(
                    ErrorCode.CONFLICT, name + " " + found + ", " + wanted() + "; read it again and retry");
        }
    }

    private String wanted() {
        return switch (this) {
            case None ignored -> "as it may";
            case AtRevision at ->
                at.revision == 0 ? "but was to be missing" : "but was to stand at revision " + at.revision;
            case Holds holds -> "and does not hold what was expected";
        };
    }
}
