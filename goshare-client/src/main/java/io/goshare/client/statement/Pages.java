package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A question whose answer comes in pages. Nothing is asked before {@link #open}, {@link #list}, {@link #stream} or a
 * subscription. Immutable, safe for many threads.
 */
public final class Pages<T> {
    private final Session session;
    private final Command command;
    private final Function<Reply, List<T>> read;
    private final long limit;

    Pages(Session session, Command command, Function<Reply, List<T>> read) {
        this(session, command, read, Long.MAX_VALUE);
    }

    Pages(Session session, Command command, Function<Reply, List<T>> read, long limit) {
        this.session = session;
        this.command = command;
        this.read = read;
        this.limit = limit;
    }

    /** The first {@code newLimit} items, at least 1; default all. */
    public Pages<T> limit(long newLimit) {
        if (newLimit < 1) {
            throw new IllegalArgumentException("limit " + newLimit + " is less than 1");
        }
        return new Pages<>(session, command, read, newLimit);
    }

    /** A cursor that fetches pages as they are needed; the caller closes it. */
    public Cursor<T> open() {
        return new Cursor<>(this, limit);
    }

    /** All items, in memory at once. */
    public List<T> list() {
        try (Cursor<T> cursor = open()) {
            return cursor.stream().toList();
        }
    }

    /** {@link #list} with a future. */
    public CompletableFuture<List<T>> listAsync() {
        return gather(new ArrayList<>(), Optional.empty(), limit);
    }

    private CompletableFuture<List<T>> gather(List<T> gathered, Optional<String> cursor, long left) {
        return fetchAsync(cursor, left).thenCompose(page -> {
            gathered.addAll(
                    page.items().subList(0, (int) Math.min(left, page.items().size())));
            long more = left - page.items().size();
            return page.next().isEmpty() || more <= 0
                    ? CompletableFuture.completedFuture(List.copyOf(gathered))
                    : gather(gathered, page.next(), more);
        });
    }

    /** The items as a stream that fetches pages as it goes; close it if it is not read to its end. */
    public Stream<T> stream() {
        return open().stream();
    }

    /** The items pushed as they are asked for; each subscription asks the question anew. */
    public Flow.Publisher<T> publisher() {
        return subscriber -> Push.begin(this, limit, subscriber);
    }

    private Command next(Optional<String> cursor, long left) {
        Command paged = command.with(Param.LIMIT, Math.min(session.pageRows(), left));
        return cursor.isPresent() ? paged.with(Param.CURSOR, cursor.get()) : paged;
    }

    Page<T> fetch(Optional<String> cursor, long left) {
        return session.call(next(cursor, left), reply -> Page.of(reply, read));
    }

    CompletableFuture<Page<T>> fetchAsync(Optional<String> cursor, long left) {
        return session.send(next(cursor, left), reply -> Page.of(reply, read));
    }
}
