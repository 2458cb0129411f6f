package io.goshare.server.watch;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a subscription is to hear of.
 *
 * @param prefix with which the encoded path of all that matches begins
 * @param transitions whether only changes of value count, not each write
 * @param holdNanos how long a new value must hold before it is told; 0: at once
 * @param after revision to resume from; empty for a beginning with a snapshot, or from now on if {@code liveOnly}
 */
record Interest(
        Selector selector,
        byte[] prefix,
        boolean transitions,
        Optional<String> from,
        Optional<String> to,
        long holdNanos,
        OptionalLong after,
        boolean liveOnly) {
    private static final Selector ALL = Selector.parse("**");

    static Interest of(Command command) {
        boolean filters = command.has(Param.FROM_VALUE) || command.has(Param.TO_VALUE) || command.has(Param.FOR);
        if (filters && command.has(Param.ON) && !command.require(Param.ON).equals("transitions")) {
            throw GoShareException.badField("on", "from, to and for are of transitions; send on=transitions");
        }
        if (command.has(Param.AFTER) && command.has(Param.LIVE_ONLY)) {
            throw GoShareException.badField("live_only", "what is resumed has no snapshot; leave live_only out");
        }
        Selector selector = command.get(Param.SEL).orElse(ALL);
        return new Interest(
                selector,
                selector.literalPrefix(),
                filters || command.require(Param.ON).equals("transitions"),
                command.get(Param.FROM_VALUE),
                command.get(Param.TO_VALUE),
                command.get(Param.FOR).orElse(0L),
                command.get(Param.AFTER).map(OptionalLong::of).orElse(OptionalLong.empty()),
                command.require(Param.LIVE_ONLY));
    }

    boolean matches(byte[] encodedPath, SeriesKey key) {
        return startsWith(encodedPath, prefix) && selector.matches(key);
    }

    /** Whether something below {@code subtree}, the beginning of encoded paths, may match. */
    boolean reachesInto(byte[] subtree) {
        return startsWith(subtree, prefix) || startsWith(prefix, subtree);
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** Whether a change from {@code old} to {@code value} is one asked for. */
    boolean wants(Optional<Value> old, Optional<Value> value) {
        return is(from, old) && is(to, value);
    }

    /** Whether any change will do. */
    boolean wantsAll() {
        return from.isEmpty() && to.isEmpty();
    }

    private static boolean is(Optional<String> text, Optional<Value> value) {
        return text.isEmpty()
                || value.filter(known -> known.asText().equals(text.get())).isPresent();
    }
}
