package io.goshare.server.watch;

import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Table.Column;
import io.goshare.protocol.Table.Type;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose events are handed out in pages. Between two pages it gathers up to a mebibyte; what comes then
 * waits in the subscription's mailbox. Safe for many threads.
 */
final class PagedSubscription implements Flow.Subscriber<WatchEvent> {
    private static final int MOST_ROWS = 100_000;
    private static final long MOST_BYTES = 16 << 20;
    private static final long MOST_UNASKED_BYTES = 1 << 20;
    private static final List<Column> COLUMNS = columns();

    private final Map<String, String> question;
    private final Consumer<PagedSubscription> keeper;
    private Table table = Table.of(COLUMNS);
    private long bytes;
    private long revision;
    /** Whether what is gathered is a page: not while a snapshot is read. */
    private boolean whole;

    private boolean live;
    /** Whether no further event is asked for until a page is. */
    private boolean paused;

    private @Nullable CompletableFuture<Reply> asked;
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private volatile boolean over;
    /** What the last page noted, and when. */
    private volatile long told = -1;

    private volatile long answeredNanos;

    /**
     * @param question the clauses that are the same for all pages
     * @param after where it resumes; empty where it begins with a snapshot, or from now on
     * @param keeper takes this after each page, before the page is on its way, unless nothing more will come
     */
    PagedSubscription(Map<String, String> question, Optional<Long> after, Consumer<PagedSubscription> keeper) {
        this.question = question;
        this.keeper = keeper;
        this.revision = after.orElse(0L);
        this.whole = after.isPresent();
    }

    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("revision", Type.VALUE));
        columns.addAll(WatchEvent.COLUMNS);
        return List.copyOf(columns);
    }

    /** Whether its next page is that of {@code question} behind the revision {@code after}. */
    boolean goesOn(Map<String, String> otherQuestion, long after) {
        return told == after && question.equals(otherQuestion);
    }

    long answeredNanos() {
        return answeredNanos;
    }

    boolean isOver() {
        return over;
    }

    /** The next page; one at a time is asked for. */
    CompletableFuture<Reply> ask() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Throwable failed;
        boolean ready;
        synchronized (this) {
            failed = failure;
            asked = reply;
            ready = over || live && !table.rows().isEmpty();
            if (paused) {
                paused = false;
                request();
            }
        }
        if (failed != null) {
            reply.completeExceptionally(failed);
        } else if (ready) {
            endPage(reply);
        }
        return reply;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription made) {
        subscription = made;
        request();
    }

    private void request() {
        Flow.Subscription made = subscription;
        if (made != null) {
            made.request(1);
        }
    }

    @Override
    public void onNext(WatchEvent event) {
        CompletableFuture<Reply> reply;
        boolean ends;
        synchronized (this) {
            gather(event);
            ends = ends(event);
            reply = asked;
            paused = reply == null && bytes >= MOST_UNASKED_BYTES;
            if (!paused && !over) {
                request();
            }
        }
        if (ends && reply != null) {
            endPage(reply);
        }
    }

    private void gather(WatchEvent event) {
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
    }

    private boolean ends(WatchEvent event) {
        boolean full = table.rows().size() >= MOST_ROWS || bytes >= MOST_BYTES;
        boolean ends = switch (event.kind()) {
            case SNAPSHOT, BEAT -> false;
            case READY -> !whole || !table.rows().isEmpty();
            case CHANGE -> live || full;
            case BEHIND -> true;
        };
        over |= event.kind() == WatchEvent.Kind.BEHIND;
        live |= event.kind() == WatchEvent.Kind.READY;
        whole |= live;
        return ends;
    }

    /** Answers {@code reply} with what there is, if it still waits and there is no snapshot under way. */
    void endPage(CompletableFuture<Reply> reply) {
        Reply page;
        synchronized (this) {
            if (asked != reply || !whole && !over) {
                return;
            }
            page = Reply.of(table).with("revision", revision);
            asked = null;
            table = Table.of(COLUMNS);
            bytes = 0;
            told = revision;
            answeredNanos = System.nanoTime();
        }
        if (!over) {
            keeper.accept(this);
        }
        reply.complete(page);
    }

    @Override
    public void onError(Throwable why) {
        CompletableFuture<Reply> reply;
        synchronized (this) {
            failure = why;
            over = true;
            reply = asked;
        }
        if (reply != null) {
            reply.completeExceptionally(why);
        }
    }

    @Override
    public void onComplete() {
        CompletableFuture<Reply> reply;
        synchronized (this) {
            over = true;
            reply = asked;
        }
        if (reply != null) {
            endPage(reply);
        }
    }

    void cancel() {
        Flow.Subscription made = subscription;
        if (made != null) {
            made.cancel();
        }
    }
}
