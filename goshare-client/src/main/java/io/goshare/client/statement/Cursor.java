package io.goshare.client.statement;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Goes through an answer, one page in memory at a time. A page shows what is there when it is fetched. For one thread;
 * who opened it closes it, and may read it no more.
 */
public final class Cursor<T> implements Iterator<T>, AutoCloseable {
    private final Pages<T> pages;
    private long left;
    private List<T> items = List.of();
    private int at;
    private Optional<String> next = Optional.empty();
    private boolean last;

    Cursor(Pages<T> pages, long limit) {
        this.pages = pages;
        this.left = limit;
    }

    /**
     * Whether there is another item; fetches the next page where that must be seen.
     *
     * @throws io.goshare.client.error.CallException if that fails
     */
    @Override
    public boolean hasNext() {
        while (at == items.size() && !last && left > 0) {
            Page<T> page = pages.fetch(next, left);
            items = page.items();
            at = 0;
            next = page.next();
            last = next.isEmpty();
        }
        return at < items.size() && left > 0;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the cursor is at its end");
        }
        left--;
        return items.get(at++);
    }

    /** What is left, as a stream; closing it closes this. */
    public Stream<T> stream() {
        Spliterator<T> items = Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(items, false).onClose(this::close);
    }

    /** Lets go of the page; twice is harmless. */
    @Override
    public void close() {
        items = List.of();
        at = 0;
        last = true;
    }
}
