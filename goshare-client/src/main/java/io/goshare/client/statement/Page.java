package io.goshare.client.statement;

import io.goshare.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Some of the items of a cursor, and where the next are. */
record Page<T>(List<T> items, Optional<String> next) {
    static <T> Page<T> of(Reply reply, Function<Reply, List<T>> read) {
        return new Page<>(read.apply(reply), Optional.ofNullable(reply.notes().get("cursor")));
    }
}
