package io.goshare.server;

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

/** Each second takes away, in small slices, what has expired or was cut off, so that no request has to wait for it. */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int ROWS = 1_000;
    /** Slices of one kind in one second: 100,000 rows. */
    private static final int SLICES = 100;

    private final Committer committer;
    private final KeyValueStore keys;
    private final NamespaceStore names;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "goshare-upkeep");
        made.setDaemon(true);
        return made;
    });

    Upkeep(Committer committer, KeyValueStore keys, NamespaceStore names) {
        this.committer = committer;
        this.keys = keys;
        this.names = names;
        thread.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.SECONDS);
    }

    private void run() {
        try {
            sweep(() -> keys.sweepExpired(ROWS), Upkeep::isWhole);
            sweep(() -> names.sweepCuts(ROWS), told -> told.equals(Value.of(true)));
            sweep(() -> names.trimChanges(ROWS), Upkeep::isWhole);
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof GoShareException)) {
                throw e;
            }
            LOG.debug("upkeep waits: {}", e.getCause().getMessage()); // a full disk or queue, or the close
        } catch (RuntimeException e) {
            LOG.error("upkeep failed and goes on in a second", e);
        }
    }

    private static boolean isWhole(Value told) {
        return told.equals(Value.of((long) ROWS));
    }

    private void sweep(Supplier<Mutation> slice, Predicate<Value> moreWait) {
        boolean more = true;
        for (int i = 0; more && i < SLICES && !thread.isShutdown(); i++) {
            more = moreWait.test(committer
                    .commit(WriteRequest.of(slice.get()))
                    .join()
                    .outcomes()
                    .get(0));
        }
    }

    /** Waits for the slice under way. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
