package io.goshare.server.datastore;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.WriteRequest;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.namespace.NamespaceStore;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Once a second removes what has expired, in slices between which others commit. Own thread. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int ROWS = 1_000;
    private static final int SLICES = 100;

    private final Committer committer;
    private final KeyValueStore keyValues;
    private final NamespaceStore namespace;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "goshare-housekeeping");
        made.setDaemon(true);
        return made;
    });

    Housekeeping(Committer committer, KeyValueStore keyValues, NamespaceStore namespace) {
        this.committer = committer;
        this.keyValues = keyValues;
        this.namespace = namespace;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::sweepAll, 1, 1, TimeUnit.SECONDS);
    }

    private void sweepAll() {
        sweep("expired keys", () -> keyValues.sweepExpired(ROWS), Housekeeping::isWhole);
        sweep("deleted subtrees", () -> namespace.sweepCuts(ROWS), told -> told.equals(Value.of(true)));
        sweep("old changes", () -> namespace.trimChanges(ROWS), Housekeeping::isWhole);
    }

    private static boolean isWhole(Value told) {
        return told.word() >= ROWS;
    }

    /** Slices while more wait; what is left, and what a full disk or queue refused, waits for the next second. */
    private void sweep(String what, Supplier<Mutation> slice, Predicate<Value> moreWait) {
        try {
            boolean more = true;
            for (int i = 0; i < SLICES && more && !thread.isShutdown(); i++) {
                WriteRequest request = WriteRequest.of(slice.get());
                more = moreWait.test(committer.commit(request).join().outcomes().get(0));
            }
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof GoShareException refused && refused.retryable())) {
                LOG.warn("{} could not be swept; trying again in a second: {}", what, e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("{} could not be swept; trying again in a second", what, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(30, TimeUnit.SECONDS)) {
                    break;
                }
                LOG.warn("waiting for a sweep to end");
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
