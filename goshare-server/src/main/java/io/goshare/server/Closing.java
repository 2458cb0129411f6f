package io.goshare.server;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Closes one thing after the other, whatever fails; keeps the first failure and attaches the rest to it. */
final class Closing {
    private @Nullable RuntimeException first;

    void close(Optional<? extends AutoCloseable> resource) {
        try {
            if (resource.isPresent()) {
                resource.get().close();
            }
        } catch (RuntimeException e) {
            keep(e);
        } catch (Exception e) {
            keep(new IllegalStateException("close failed", e));
        }
    }

    private synchronized void keep(RuntimeException failure) {
        if (first == null) {
            first = failure;
        } else {
            first.addSuppressed(failure);
        }
    }

    synchronized void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
