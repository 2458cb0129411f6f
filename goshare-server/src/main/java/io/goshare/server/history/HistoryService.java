package io.goshare.server.history;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.query.Budget;
import io.goshare.server.series.SeriesStore;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Answers {@code log}, {@code diff} and {@code explain}; docs/queries.md, "Time travel". Safe for many threads. */
public final class HistoryService {
    private final LongSupplier now;
    private final LogCommand log;
    private final DiffCommand diff;
    private final ExplainCommand explain;

    /** @param now the clock: nanoseconds since 1970 */
    public HistoryService(NamespaceStore namespace, SeriesStore series, LongSupplier now) {
        Changes changes = new Changes(namespace, series);
        this.now = now;
        this.log = new LogCommand(changes);
        this.diff = new DiffCommand(namespace, series);
        this.explain = new ExplainCommand(changes);
    }

    /**
     * Every change in a range, in the order of time.
     *
     * @param abandoned whether nobody waits for the answer any more, so that it is given up
     */
    public Reply log(Command command, BooleanSupplier abandoned) {
        return log.run(command, now.getAsLong(), budget(command, abandoned));
    }

    /** What differs between two instants; {@code abandoned} as of {@link #log}. */
    public Reply diff(Command command, BooleanSupplier abandoned) {
        return diff.run(command, now.getAsLong(), budget(command, abandoned));
    }

    /** What changed around an instant, the rarest first; {@code abandoned} as of {@link #log}. */
    public Reply explain(Command command, BooleanSupplier abandoned) {
        return explain.run(command, now.getAsLong(), budget(command, abandoned));
    }

    private static Budget budget(Command command, BooleanSupplier abandoned) {
        return new Budget(Budget.Limits.DEFAULT, command.require(Param.TIMEOUT), abandoned);
    }
}
