package io.goshare.server.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitterTest {
    private static final byte[] KEY = {'K', 'a'};

    private final FailingEngine base = new FailingEngine();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-25T00:00:00Z"));
    private GroupCommitter committer = new GroupCommitter(base, clock, false, 3);

    @AfterEach
    void close() {
        committer.close();
    }

    /** What a mutation does; costs one byte. */
    private static Mutation mutation(Function<Staging, Value> stage) {
        return new Mutation() {
            @Override
            public Value stage(Staging staging) {
                return stage.apply(staging);
            }

            @Override
            public long bytes() {
                return 1;
            }
        };
    }

    private static Mutation put(String value) {
        return mutation(staging -> {
            staging.put(KEY, value.getBytes(UTF_8));
            return Receipt.NOTHING;
        });
    }

    private static Mutation cas(String expected, String value) {
        return mutation(staging -> {
            String found = new String(staging.get(KEY).orElse(new byte[0]), UTF_8);
            if (!found.equals(expected)) {
                throw new GoShareException(ErrorCode.CONFLICT, "found " + found);
            }
            staging.put(KEY, value.getBytes(UTF_8));
            return Value.of(value);
        });
    }

    private static WriteRequest named(String id, long hash, Mutation mutation) {
        return new WriteRequest(List.of(mutation), id, hash, false);
    }

    private String stored() {
        return new String(base.get(KEY).orElseThrow(), UTF_8);
    }

    private void reopen() {
        committer.close();
        committer = new GroupCommitter(base, clock, false, 3);
        committer.start();
    }

    /** What a loss of power leaves of the store: all rows of now, nothing that is written later. */
    private static FailingEngine copy(FailingEngine base) {
        FailingEngine image = new FailingEngine();
        WriteBatch rows = new WriteBatch();
        base.scan(null, new byte[0], null, (key, value) -> {
            rows.put(key, value);
            return true;
        });
        image.write(rows);
        return image;
    }

    private static GroupCommitter opened(FailingEngine base, SettableClock clock) {
        GroupCommitter opened = new GroupCommitter(base, clock, false, 3);
        opened.replay(new LogReplayer() {
            @Override
            public boolean owns(byte tag) {
                return false;
            }

            @Override
            public void replay(long revision, byte tag, byte[] payload) {
                throw new AssertionError("not mine");
            }
        });
        opened.start();
        return opened;
    }

    private static Mutation logged() {
        return mutation(staging -> {
            staging.log((byte) 'x', new byte[1]);
            return Receipt.NOTHING;
        });
    }

    private static long put(GroupCommitter to, Mutation mutation) {
        return to.commit(WriteRequest.of(mutation)).join().revision();
    }

    @Test
    void revisionsThatALossOfPowerTookAreKnownAndNotGivenAgain() {
        committer.start();
        long logged = put(committer, logged());
        long kept = put(committer, put("kept"));
        FailingEngine left = copy(base);
        long told = put(committer, put("lost"));

        try (GroupCommitter after = opened(left, clock)) {
            assertThat(List.of(logged, kept)).noneMatch(after::isLost);
            assertThat(List.of(told, Numbers.BLOCK)).allMatch(after::isLost);
            assertThat(after.isLost(after.revision())).isFalse();
            assertThat(put(after, put("new"))).isGreaterThan(Numbers.BLOCK + 1);
        }
        try (GroupCommitter again = opened(left, clock)) {
            assertThat(again.isLost(told)).as("after a clean end").isTrue();
            assertThat(again.isLost(again.revision())).isFalse();
        }
    }

    @Test
    void theNewestRevisionOfAKilledServerIsNotLostWhateverItWrote() {
        committer.start();
        for (Mutation newest : List.of(logged(), put("a"))) {
            long kept = put(committer, newest);
            try (GroupCommitter after = opened(copy(base), clock)) {
                assertThat(after.isLost(kept)).isFalse();
                assertThat(after.isLost(kept + 1)).isTrue();
            }
        }
    }

    @Test
    void whatWasToldBetweenTwoLossesIsNotTakenForLost() {
        committer.start();
        put(committer, put("a"));
        FailingEngine left = copy(base);
        GroupCommitter between = opened(left, clock);
        long ready = between.revision();
        FailingEngine unclean = copy(left);
        between.close();

        try (GroupCommitter after = opened(unclean, clock)) {
            assertThat(after.isLost(ready)).isFalse();
            assertThat(after.isLost(ready - 1)).isTrue();
            assertThat(after.revision()).isEqualTo(ready);
        }
    }

    @Test
    void manyGapsBecomeFewAndNoneIsForgotten() {
        FailingEngine left = base;
        committer.start();
        put(committer, put("a"));
        List<Long> lost = new ArrayList<>();
        for (int i = 0; i < LostRevisions.GAPS + 3; i++) {
            left = copy(left);
            GroupCommitter opened = opened(left, clock);
            long kept = put(opened, put("b" + i));
            lost.add(kept + 1);
            left = copy(left);
            opened.close();
        }

        try (GroupCommitter last = opened(left, clock)) {
            assertThat(lost).allMatch(last::isLost);
            assertThat(Meta.read(left, "lost").orElseThrow()).hasSize(2 * LostRevisions.GAPS);
        }
    }

    private static ErrorCode codeOf(CompletableFuture<Receipt> refused) {
        try {
            refused.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GoShareException failure) {
                return failure.code();
            }
            throw e;
        }
        throw new AssertionError("acknowledged");
    }

    @Test
    void ofTwoCasInOneGroupTheSecondSeesTheFirst() {
        CompletableFuture<Receipt> first = committer.commit(WriteRequest.of(cas("", "one")));
        CompletableFuture<Receipt> lost = committer.commit(WriteRequest.of(cas("", "two")));
        CompletableFuture<Receipt> chained = committer.commit(WriteRequest.of(cas("one", "three")));

        committer.start();

        assertThat(first.join()).isEqualTo(new Receipt(1, List.of(Value.of("one")), false));
        assertThat(codeOf(lost)).isEqualTo(ErrorCode.CONFLICT);
        assertThat(chained.join().revision()).isEqualTo(2);
        assertThat(stored()).isEqualTo("three");
    }

    @Test
    void nothingStagedForARefusedRequestRemains() {
        committer.start();
        WriteRequest request = WriteRequest.of(put("one"), cas("two", "three"));

        assertThat(codeOf(committer.commit(request))).isEqualTo(ErrorCode.CONFLICT);

        assertThat(base.get(KEY)).isEmpty();
        assertThat(committer.revision()).isZero();
    }

    @Test
    void aFailedSyncAcknowledgesNobodyAndLeavesTheStoreReadOnly() {
        base.failSyncs = EngineException.Reason.FAILED;
        List<String> applied = new ArrayList<>();
        CompletableFuture<Receipt> plain = committer.commit(WriteRequest.of(mutation(staging -> {
            staging.put(KEY, new byte[0]);
            staging.afterWrite(() -> applied.add("plain"));
            return Receipt.NOTHING;
        })));
        CompletableFuture<Receipt> synced = committer.commit(new WriteRequest(List.of(put("b")), null, 0, true));
        committer.start();

        assertThat(codeOf(synced)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(codeOf(plain)).isEqualTo(ErrorCode.INTERNAL);

        base.failSyncs = null;
        assertThat(codeOf(committer.commit(WriteRequest.of(put("c"))))).isEqualTo(ErrorCode.INTERNAL);
        assertThat(applied).isEmpty();
        assertThat(committer.isReadOnly()).isTrue();
    }

    @Test
    void aFullDiskRefusesWithoutBecomingReadOnly() {
        committer.start();
        committer.commit(named("r0", 1, put("zero"))).join();
        base.failWrites = EngineException.Reason.DISK_LOW;

        assertThat(codeOf(committer.commit(named("r1", 1, put("one"))))).isEqualTo(ErrorCode.DISK_LOW);

        base.failWrites = null;
        Receipt receipt = committer.commit(named("r1", 1, put("one"))).join();
        assertThat(receipt).isEqualTo(new Receipt(2, List.of(Receipt.NOTHING), false));
    }

    @Test
    void alwaysSyncsBeforeTheAcknowledgement() {
        committer = new GroupCommitter(base, clock, true, 3);
        committer.start();
        committer.commit(WriteRequest.of(put("one"))).join();
        int before = base.syncs;

        committer.commit(WriteRequest.of(put("two"))).join();

        assertThat(base.syncs).isEqualTo(before + 1);
    }

    @Test
    void intervalSyncsBySelf() throws InterruptedException {
        committer.start();
        committer.commit(WriteRequest.of(put("one"))).join();
        int before = base.syncs;

        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (base.syncs == before && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }

        assertThat(base.syncs).isEqualTo(before + 1);
    }

    @Test
    void aRepeatedRequestIsAnsweredAndNotDoneAgain() {
        committer.start();
        Receipt first = committer.commit(named("r", 7, cas("", "one"))).join();

        Receipt again = committer.commit(named("r", 7, cas("", "one"))).join();

        assertThat(again).isEqualTo(new Receipt(first.revision(), first.outcomes(), true));
        assertThat(codeOf(committer.commit(named("r", 8, put("two"))))).isEqualTo(ErrorCode.REQUEST_MISMATCH);
    }

    @Test
    void aRequestInFlightJoinsItsTwin() {
        CompletableFuture<Receipt> first = committer.commit(named("r", 7, cas("", "one")));
        CompletableFuture<Receipt> twin = committer.commit(named("r", 7, cas("", "one")));
        committer.start();

        assertThat(first.join().repeated()).isFalse();
        assertThat(twin.join()).isEqualTo(new Receipt(1, List.of(Value.of("one")), true));
    }

    @Test
    void requestsAreRememberedOverARestartAndForgottenByAge() {
        committer.start();
        committer.commit(named("r", 7, cas("", "one"))).join();
        reopen();
        assertThat(committer.commit(named("r", 7, cas("", "one"))).join().repeated())
                .isTrue();

        clock.move(Duration.ofMinutes(11));
        assertThat(codeOf(committer.commit(named("r", 7, cas("", "one"))))).isEqualTo(ErrorCode.CONFLICT);
        committer.commit(WriteRequest.of(put("two"))).join();

        byte[] table = {Tables.REQUESTS};
        base.scan(null, table, Tables.behind(table), (key, value) -> {
            throw new AssertionError("still there");
        });
    }

    @Test
    void moreRequestIdsThanTheWindowHoldsAreRefusedAndNoneForgottenEarly() {
        committer.start();
        for (int i = 0; i < 3; i++) {
            committer.commit(named("r" + i, 7, put("v" + i))).join();
        }

        assertThat(codeOf(committer.commit(named("r3", 7, put("v3"))))).isEqualTo(ErrorCode.BUSY);
        assertThat(committer.commit(named("r0", 7, put("v0"))).join().repeated())
                .isTrue();
        clock.move(Duration.ofMinutes(11));
        committer.commit(WriteRequest.of(put("x"))).join();
        assertThat(committer.commit(named("r3", 7, put("v3"))).join().repeated())
                .isFalse();
    }

    @Test
    void loggedOperationsAreReplayedInOrder() {
        byte[] large = new byte[LogEntry.PART_BYTES + 5];
        large[large.length - 1] = 9;
        committer.start();
        for (byte i = 1; i <= 3; i++) {
            byte[] payload = i == 2 ? large : new byte[] {i};
            committer
                    .commit(WriteRequest.of(mutation(staging -> {
                        staging.log((byte) 'x', payload);
                        return Receipt.NOTHING;
                    })))
                    .join();
        }
        List<String> seen = new ArrayList<>();

        committer.close();
        committer = new GroupCommitter(base, clock, false);
        committer.log().trim(1, 0, 0);
        committer = new GroupCommitter(base, clock, false);
        committer.replay(new LogReplayer() {
            @Override
            public boolean owns(byte tag) {
                return tag == 'x';
            }

            @Override
            public void replay(long revision, byte tag, byte[] payload) {
                seen.add(revision + ":" + payload.length + ":" + payload[payload.length - 1]);
            }
        });

        assertThat(seen).containsExactly("2:" + large.length + ":9", "3:1:3");
    }

    @Test
    void readsDoNotStartWhileAGroupIsApplied() throws InterruptedException {
        CountDownLatch applying = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        boolean[] applied = {false};
        committer.start();
        WriteRequest slow = WriteRequest.of(mutation(staging -> {
            staging.afterWrite(() -> {
                applying.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                applied[0] = true;
            });
            return Receipt.NOTHING;
        }));
        CompletableFuture<Receipt> write =
                CompletableFuture.supplyAsync(() -> committer.commit(slow).join());
        applying.await();

        CompletableFuture<Boolean> read = CompletableFuture.supplyAsync(() -> committer.startRead(() -> applied[0]));

        assertThat(read.isDone()).isFalse();
        goOn.countDown();
        assertThat(read.join()).isTrue();
        assertThat(write.join().revision()).isEqualTo(1);
    }

    @Test
    void aSmallRequestIsCommittedByItsCallerAndTheCommitThreadTakesWhatComesMeanwhile() {
        committer.start();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Receipt>> meanwhile = new ArrayList<>();
        Mutation notesItsThread = mutation(staging -> {
            threads.add(Thread.currentThread());
            return Receipt.NOTHING;
        });
        CompletableFuture<Receipt> first = committer.commit(WriteRequest.of(mutation(staging -> {
            threads.add(Thread.currentThread());
            meanwhile.add(committer.commit(WriteRequest.of(notesItsThread)));
            meanwhile.add(committer.commit(WriteRequest.of(notesItsThread)));
            return Receipt.NOTHING;
        })));
        assertThat(first.isDone()).isTrue();

        meanwhile.forEach(CompletableFuture::join);
        assertThat(threads).hasSize(3).element(0).isEqualTo(Thread.currentThread());
        assertThat(threads.subList(1, 3)).allMatch(thread -> thread.getName().equals("goshare-commit"));
    }

    @Test
    void aClosedGateMakesRequestsWait() {
        boolean[] open = {false};
        committer.gate(() -> open[0]);
        committer.start();
        CompletableFuture<Receipt> waiting = committer.commit(WriteRequest.of(put("one")));
        assertThat(committer.startRead(() -> waiting.isDone())).isFalse();

        open[0] = true;
        committer.gateOpened();

        assertThat(waiting.join().revision()).isEqualTo(1);
    }

    @Test
    void nothingIsAcceptedOnceClosed() {
        committer.start();
        CompletableFuture<Receipt> before = committer.commit(WriteRequest.of(put("one")));
        committer.close();

        assertThat(before.join().revision()).isEqualTo(1);
        assertThat(codeOf(committer.commit(WriteRequest.of(put("two"))))).isEqualTo(ErrorCode.CLOSED);
        assertThatThrownBy(() -> committer.commit(WriteRequest.of(put("two"))).join())
                .hasCauseInstanceOf(GoShareException.class);
        assertThat(Optional.of(stored())).contains("one");
    }
}
