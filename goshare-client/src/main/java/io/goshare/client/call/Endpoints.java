package io.goshare.client.call;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The hosts of a connection, one of them in use; another when that one fails. Safe for many threads. */
final class Endpoints {
    private final List<Endpoint> all;
    private final AtomicInteger current = new AtomicInteger();

    /** @param all at least one */
    Endpoints(List<Endpoint> all) {
        this.all = List.copyOf(all);
    }

    Endpoint current() {
        return all.get(Math.floorMod(current.get(), all.size()));
    }

    /** Goes on to the next host, unless another call has already left {@code failed}. */
    void leave(Endpoint failed) {
        int index = current.get();
        if (all.size() > 1 && all.get(Math.floorMod(index, all.size())) == failed) {
            current.compareAndSet(index, index + 1);
        }
    }

    int size() {
        return all.size();
    }

    List<Endpoint> all() {
        return all;
    }
}
