package io.goshare.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.GoShare;
import io.goshare.client.error.CallException;
import io.goshare.client.error.ConnectionLostException;
import io.goshare.client.error.DeadlineException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.error.ReplyCutException;
import io.goshare.client.error.UnreachableException;
import io.goshare.client.transport.Transport;
import io.goshare.it.fixture.StoreReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of several servers at work through the SDK: it puts a key, adds one to a counter, and so on; of each call it
 * remembers which server had it. One thread runs it; others may ask how it goes, and verify when it has ended.
 */
final class FailoverClient implements Callable<Void>, AutoCloseable {
    /** Of a call, and what it may need beyond on a machine that has other things to do. */
    static final Duration LONGEST_CALL = Duration.ofSeconds(5);

    private static final String TIMES = "timeout=3s&attemptTimeout=1s";

    private final String name;
    private final GoShare db;
    private final Map<String, Deployment> servers = new TreeMap<>();
    /** By server: how often it acknowledged, and of {@link #keys}, what. */
    private final Map<String, AtomicLong> acknowledged = new ConcurrentHashMap<>();

    private final Map<String, Map<String, String>> keys = new TreeMap<>();
    private final Map<String, Long> counted = new TreeMap<>();
    /** By server: additions that failed and may have been done. */
    private final Map<String, Long> unknown = new TreeMap<>();

    private volatile String inUse = "";
    private volatile boolean over;
    private Duration longest = Duration.ZERO;

    /** Over {@code door}; the servers' token is one. */
    FailoverClient(String door, Iterable<Deployment> all) throws IOException {
        this.name = "failover-" + door;
        String token = "";
        for (Deployment one : all) {
            String address = one.endpoint(door);
            servers.put(address, one);
            acknowledged.put(address, new AtomicLong());
            keys.put(address, new TreeMap<>());
            counted.put(address, 0L);
            unknown.put(address, 0L);
            token = one.token();
        }
        this.db = GoShare.builder()
                .url("goshare:" + door + "://" + String.join(",", servers.keySet()) + "?" + TIMES)
                .token(token)
                .listener((verb, code, endpoint, attempts, took) -> inUse = endpoint)
                .listener(servers.values().iterator().next().clientLog.listener(name))
                .build();
    }

    /** Works until {@link #end}. */
    @Override
    public Void call() {
        for (long number = 0; !over; number++) {
            String key = name + ":" + number;
            String value = String.valueOf(number);
            if (attempt(() -> db.kv().put(key, value))) {
                keys.get(inUse).put(key, value);
            }
            if (attempt(() -> db.kv().increment(name + ":count", 1))) {
                counted.merge(inUse, 1L, Long::sum);
            } else {
                unknown.merge(inUse, 1L, Long::sum);
            }
        }
        return null;
    }

    /** Whether it was acknowledged, by {@link #inUse}. */
    private boolean attempt(Callable<Long> call) {
        long began = System.nanoTime();
        try {
            call.call();
            acknowledged.get(inUse).incrementAndGet();
            return true;
        } catch (CallException failure) {
            assertThat(failure)
                    .isInstanceOfAny(
                            UnreachableException.class,
                            ConnectionLostException.class,
                            ReplyCutException.class,
                            DeadlineException.class,
                            RefusedException.class);
            assertThat(failure.endpoint()).isEqualTo(inUse);
            assertThat(failure.retryable()).as(failure.toString()).isTrue();
            return false;
        } catch (Exception e) {
            throw new AssertionError("the SDK threw what it does not tell of", e);
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
    }

    void end() {
        over = true;
    }

    /** The server that was asked last. */
    Deployment serverInUse() {
        return servers.get(inUse);
    }

    /** How often servers have acknowledged, all but this one. */
    long acknowledgedBesides(Deployment server) {
        return acknowledged.entrySet().stream()
                .filter(one -> servers.get(one.getKey()) != server)
                .mapToLong(one -> one.getValue().get())
                .sum();
    }

    /** Each server holds all that it acknowledged, and has counted nothing twice. */
    void verify(String door) throws IOException {
        assertThat(longest).as(name + "'s longest call").isLessThan(LONGEST_CALL);
        for (Map.Entry<String, Deployment> server : servers.entrySet()) {
            String address = server.getKey();
            try (Transport store = server.getValue().connect(door)) {
                Map<String, String> found = new StoreReader(store).keys(name + ":");
                assertThat(found).as(address).containsAllEntriesOf(keys.get(address));
                assertThat(Long.parseLong(found.getOrDefault(name + ":count", "0")))
                        .as("%s counted by %s", name, address)
                        .isBetween(counted.get(address), counted.get(address) + unknown.get(address));
            }
        }
    }

    @Override
    public void close() {
        over = true;
        db.close();
    }
}
