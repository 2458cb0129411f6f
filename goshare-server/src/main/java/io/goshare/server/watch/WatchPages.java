package io.goshare.server.watch;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Table.Type;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscription page by page, for those who ask and are answered: the first page is the snapshot, each further one
 * what changed behind the revision that the page before noted, as soon as there is something. Safe for many threads.
 */
public final class WatchPages implements AutoCloseable {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(25);
    private static final int MOST_ROWS = 100_000;
    private static final long MOST_BYTES = 16 << 20;

    private final WatchHandler watches;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "goshare-watch-pages");
        made.setDaemon(true);
        return made;
    });

    public WatchPages(WatchHandler watches) {
        this.watches = watches;
    }

    /** Rows of {@code revision} and {@link WatchEvent#COLUMNS}; the note {@code revision} is where to go on. */
    public CompletableFuture<Reply> page(Command command) {
        Page page = new Page(command.get(Param.AFTER));
        long wait = Math.min(LONGEST_NANOS, command.require(Param.WAIT));
        watches.watch(command, "").subscribe(page);
        var end = timer.schedule(page::complete, wait, TimeUnit.NANOSECONDS);
        page.reply.whenComplete((reply, failure) -> end.cancel(false));
        return page.reply;
    }

    /** Collects until there is something to tell. */
    private static final class Page implements Flow.Subscriber<WatchEvent> {
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private final Table table;
        private long revision;
        private long bytes;
        /** Whether what is collected is a page: not while a snapshot is read. */
        private boolean whole;

        private boolean live;
        private Flow.@Nullable Subscription subscription;

        Page(Optional<Long> after) {
            List<Column> columns = new ArrayList<>();
            columns.add(new Column("revision", Type.VALUE));
            columns.addAll(WatchEvent.COLUMNS);
            this.table = Table.of(columns);
            this.revision = after.orElse(0L);
            this.whole = after.isPresent();
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription made) {
            subscription = made;
            made.request(Long.MAX_VALUE);
        }

        @Override
        public synchronized void onNext(WatchEvent event) {
            if (reply.isDone()) {
                return;
            }
            for (@Nullable Value[] row : event.rows().rows()) {
                @Nullable Value[] cells = new @Nullable Value[row.length + 1];
                cells[0] = event.revision() == 0 ? null : Value.of(event.revision());
                System.arraycopy(row, 0, cells, 1, row.length);
                table.add(cells);
            }
            bytes += event.bytes();
            if (event.kind() != WatchEvent.Kind.SNAPSHOT) {
                revision = event.revision();
            }
            boolean full = table.rows().size() >= MOST_ROWS || bytes >= MOST_BYTES;
            boolean ends = switch (event.kind()) {
                case SNAPSHOT, BEAT -> false;
                case READY -> !whole || !table.rows().isEmpty();
                case CHANGE -> live || full;
                case BEHIND -> true;
            };
            live |= event.kind() == WatchEvent.Kind.READY;
            whole |= live;
            if (ends) {
                finish();
            }
        }

        private void finish() {
            if (subscription != null) {
                subscription.cancel();
            }
            reply.complete(Reply.of(table).with("revision", revision));
        }

        /** The time to wait is over: what there is by now is the page. */
        synchronized void complete() {
            if (whole && !reply.isDone()) {
                finish();
            }
        }

        @Override
        public void onError(Throwable failure) {
            reply.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            complete();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
