package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Durations;
import io.goshare.protocol.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Reads what changes, page by page: the snapshot first, unless it was asked otherwise, then changes in the order of
 * commits. Nothing is missed and nothing comes twice, also across failures and restarts of the server: after a failure
 * ask again. For one thread.
 */
public final class Changes implements AutoCloseable {
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Session session;
    private Command command;
    private long revision = -1;
    private boolean closed;

    Changes(Session session, Command command) {
        this.session = session;
        this.command = command;
    }

    /**
     * The next rows: {@code what}, {@code face}, {@code path}, {@code tags}, {@code time}, {@code old}, {@code value};
     * none if nothing changed for {@code wait}, 25 s at most.
     *
     * @throws io.goshare.client.error.CallException if they cannot be had; {@code revision_gone} if what was missed is
     *     no longer kept, {@code revision_lost} if a loss of power took what {@link #revision} stood for: begin again
     *     with a snapshot
     * @throws IllegalStateException if this is closed
     */
    public List<Row> next(Duration wait) {
        if (closed) {
            throw new IllegalStateException("the reader of changes is closed");
        }
        Command page = command.with("wait", Durations.print(wait.toNanos()))
                .with(io.goshare.protocol.Param.TIMEOUT, wait.plus(MARGIN).toNanos());
        return session.call(page, reply -> {
            List<Row> rows = Row.of(Query.relative(session, Session.table(reply)));
            revision = Session.number(reply, "revision");
            command = resumed(revision);
            return rows;
        });
    }

    private Command resumed(long from) {
        Command resumed = Command.of(Verb.WATCH);
        for (Map.Entry<String, String> clause : command.printed().entrySet()) {
            if (!clause.getKey().equals("live_only") && !clause.getKey().equals("after")) {
                resumed = resumed.with(clause.getKey(), clause.getValue());
            }
        }
        return resumed.with("after", Long.toString(from));
    }

    /** Where {@link Watch#after} goes on; -1 before the first page. */
    public long revision() {
        return revision;
    }

    @Override
    public void close() {
        closed = true;
    }
}
