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
    static Condition none() {
        return new None();
    }

    /**
     * Whether this holds.
     *
     * @param value what the key holds, or null if it is missing
     * @param opened the revision that put the value; meaningless if it is missing
     * @param last the newest revision that put it again unchanged; meaningless if it is missing
     */
    boolean isMetBy(@Nullable Value value, long opened, long last);

    /** What was wanted, as the end of a sentence. */
    String wanted();

    /**
     * Refuses if this does not hold; parameters as of {@link #isMetBy}.
     *
     * @param name the key, for people
     * @throws GoShareException CONFLICT, which tells the current revision
     */
    default void check(String name, @Nullable Value value, long opened, long last) {
        if (!isMetBy(value, opened, last)) {
            String found = value == null ? "is missing (revision 0)" : "stands at revision " + last;
            throw new GoShareException(
                    ErrorCode.CONFLICT, name + " " + found + " and was to " + wanted() + "; read it again and retry");
        }
    }

    /** Holds always. */
    record None() implements Condition {
        @Override
        public boolean isMetBy(@Nullable Value value, long opened, long last) {
            return true;
        }

        @Override
        public String wanted() {
            return "be anything";
        }
    }

    /** The key stands at this revision; 0: there is no such key. */
    record AtRevision(long revision) implements Condition {
        @Override
        public boolean isMetBy(@Nullable Value value, long opened, long last) {
            return value == null ? revision == 0 : revision >= opened && revision <= last;
        }

        @Override
        public String wanted() {
            return revision == 0 ? "be missing" : "stand at revision " + revision;
        }
    }

    /** The key holds a value that this text means: the same bytes, or equal once the type of the text is inferred. */
    record Holds(String text) implements Condition {
        @Override
        public boolean isMetBy(@Nullable Value value, long opened, long last) {
            if (value == null) {
                return false;
            }
            byte[] wanted = Text.encode(text);
            return value.kind() == Kind.TEXT && Arrays.equals(value.bytes(), wanted)
                    || value.equals(Value.infer(wanted))
                    || value.asText().equals(text);
        }

        @Override
        public String wanted() {
            return "hold the value expected";
        }
    }
}
