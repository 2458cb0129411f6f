package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.GoShare;
import io.goshare.client.batch.BatchWriter;
import io.goshare.client.error.CallException;
import io.goshare.client.statement.Point;
import io.goshare.it.fixture.ServerExtension;
import io.goshare.protocol.model.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Between client and server things go wrong for ten seconds: nothing acknowledged is lost, nothing is applied twice.
 */
final class ChaosIT {
    private static final int WORKERS = 4;
    private static final int ROUNDS = 20;
    /** A slow machine gets more rounds, so that it tests as much. */
    private static final int MOST_ROUNDS = 60;

    private static final int ENOUGH = 50;
    private static final long ROUND_MILLIS = 400;
    private static final long SEED = 20260701;
    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    private final AtomicBoolean over = new AtomicBoolean();
    /** Increments that were acknowledged, and those whose outcome nobody knows. */
    private final AtomicLong acknowledged = new AtomicLong();

    private final AtomicLong unknown = new AtomicLong();
    private final Map<String, Long> lastPut = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq"})
    void nothingIsLostAndNothingIsDoneTwice(String scheme, @TempDir Path spool) throws Exception {
        String direct = scheme.equals("http") ? server.http() : server.zmq();
        int port = Integer.parseInt(direct.substring(direct.lastIndexOf(':') + 1));
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS + 1);
        long points;
        try (ChaosProxy proxy = new ChaosProxy(port);
                GoShare db = GoShare.connect("goshare:" + scheme + "://" + proxy.address()
                        + "?timeout=20s&attemptTimeout=600ms&retries=60")) {
            List<Future<Long>> work = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                int worker = i;
                work.add(workers.submit(() -> count(db, worker)));
            }
            Future<Long> written = workers.submit((Callable<Long>) () -> write(db, spool));
            disturb(proxy);
            over.set(true);
            for (Future<Long> one : work) {
                one.get(30, TimeUnit.SECONDS);
            }
            points = written.get(30, TimeUnit.SECONDS);
        } finally {
            over.set(true);
            workers.shutdownNow();
        }
        try (GoShare db = GoShare.connect("goshare:" + scheme + "://" + direct)) {
            long sum = db.kv().get("sum").map(Value::word).orElse(0L);
            assertThat(wrong).isEmpty();
            assertThat(sum).isBetween(acknowledged.get(), acknowledged.get() + unknown.get());
            assertThat(acknowledged.get()).as("acknowledged in spite of all").isGreaterThanOrEqualTo(ENOUGH);
            assertThat(unknown.get()).as("given up").isLessThan(acknowledged.get());
            lastPut.forEach((key, value) -> assertThat(db.kv().get(key)).as(key).contains(Value.of((long) value)));
            assertThat(db.query("chaos").from(START).count().fetch().get(0).integer("count"))
                    .isEqualTo(points);
        }
    }

    private void disturb(ChaosProxy proxy) throws InterruptedException {
        Random random = new Random(SEED);
        CountDownLatch never = new CountDownLatch(1);
        ChaosProxy.Fault[] faults = ChaosProxy.Fault.values();
        for (int round = 0; round < ROUNDS || acknowledged.get() < ENOUGH && round < MOST_ROUNDS; round++) {
            proxy.set(round % 2 == 0 ? faults[random.nextInt(faults.length)] : ChaosProxy.Fault.NONE);
            if (random.nextInt(3) == 0) {
                proxy.cut();
            }
            assertThat(never.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        }
        proxy.set(ChaosProxy.Fault.NONE);
    }

    /** Adds to one counter of all workers, and to an own one by compare-and-set. */
    private long count(GoShare db, int worker) {
        String key = "own:" + worker;
        long own = 0;
        boolean sure = true;
        while (!over.get()) {
            try {
                db.kv().increment("sum", 1);
                acknowledged.incrementAndGet();
            } catch (CallException e) {
                unknown.incrementAndGet();
            }
            if (!sure) {
                continue;
            }
            try {
                boolean stored = own == 0
                        ? db.kv().putIfAbsent(key, Value.of(1L))
                        : db.kv().compareAndSet(key, Value.of(own), Value.of(own + 1));
                if (!stored) {
                    wrong.add(key + " was not " + own + " any more");
                    return own;
                }
                own++;
                lastPut.put(key, own);
            } catch (CallException e) {
                lastPut.remove(key); // it may stand at either
                sure = false;
            }
        }
        return own;
    }

    private long write(GoShare db, Path spool) {
        long points = 0;
        try (BatchWriter writer = db.batchWriter()
                .maxRows(50)
                .every(Duration.ofMillis(20))
                .maxWaitingRows(200)
                .spool(spool)
                .open()) {
            while (!over.get()) {
                writer.add(Point.of("chaos", points).at(START.plusMillis(points)));
                points++;
            }
            writer.flush();
        }
        return points;
    }
}
