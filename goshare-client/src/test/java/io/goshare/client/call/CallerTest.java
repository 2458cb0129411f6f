package io.goshare.client.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.error.CallException;
import io.goshare.client.error.ClientClosedException;
import io.goshare.client.error.ConnectionLostException;
import io.goshare.client.error.DeadlineException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where and how often a call is sent, by transports that fail as they are told. */
class CallerTest {
    private static final Command GET = Command.of(Verb.GET).with(Param.KEY, "k");
    private static final Command INCR = Command.of(Verb.INCR).with(Param.KEY, "k");

    /** What the next attempts end with; then they succeed. */
    private final Deque<GoShareException> failures = new ArrayDeque<>();
    /** {@code host verb request} of each attempt. */
    private final List<String> asked = new ArrayList<>();

    private final List<Long> timeouts = new ArrayList<>();

    private final class Scripted implements Transport {
        private final String host;

        Scripted(String host) {
            this.host = host;
        }

        @Override
        public CompletableFuture<Reply> handle(Command command) {
            synchronized (asked) {
                String request = command.verb().takes(Param.REQUEST) && command.has(Param.REQUEST)
                        ? command.require(Param.REQUEST)
                        : "-";
                asked.add(host + " " + request);
                timeouts.add(command.require(Param.TIMEOUT));
                GoShareException failure = failures.poll();
                return failure == null
                        ? CompletableFuture.completedFuture(Reply.done())
                        : CompletableFuture.failedFuture(failure);
            }
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(true, true, 1, 1);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private Caller caller(int retries, String... hosts) {
        RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(5).toNanos(), OptionalLong.empty(), retries);
        return new Caller(policy, List.of(hosts), Scripted::new, List.of());
    }

    private static TransportException fault(Fault fault) {
        return new TransportException(fault, fault.toString());
    }

    @Test
    void whatReadsGoesToTheNextHost() {
        failures.add(fault(Fault.LOST));
        failures.add(fault(Fault.UNREACHABLE));
        try (Caller caller = caller(5, "a", "b", "c")) {
            caller.call(GET);
            caller.call(GET);
        }
        assertThat(asked).containsExactly("a -", "b -", "c -", "c -");
    }

    @Test
    void whatMayHaveBeenDoneIsRepeatedAtTheSameHostUnderTheSameName() {
        failures.add(fault(Fault.LOST));
        failures.add(fault(Fault.CUT));
        try (Caller caller = caller(5, "a", "b")) {
            caller.call(INCR);
        }
        assertThat(asked).hasSize(3).allMatch(one -> one.startsWith("a ")).doesNotContain("a -");
        assertThat(asked.stream().distinct()).hasSize(1);
    }

    @Test
    void whatMayHaveBeenDoneStaysWithItsHostThoughThatIsGone() {
        failures.add(fault(Fault.LOST));
        failures.add(fault(Fault.UNREACHABLE));
        failures.add(new GoShareException(ErrorCode.BUSY, "not now"));
        try (Caller caller = caller(5, "a", "b")) {
            caller.call(INCR);
            caller.call(GET);
        }
        assertThat(asked.subList(0, 4)).allMatch(one -> one.startsWith("a "));
        assertThat(asked.get(4)).isEqualTo("b -");
    }

    @Test
    void whatMayHaveBeenDoneIsNotSaidToBeUnsent() {
        failures.add(fault(Fault.LOST));
        for (int i = 0; i < 5; i++) {
            failures.add(fault(Fault.UNREACHABLE));
        }
        try (Caller caller = caller(5, "a", "b")) {
            assertThatThrownBy(() -> caller.call(INCR))
                    .isInstanceOfSatisfying(
                            ConnectionLostException.class,
                            lost -> assertThat(lost.attempts()).isEqualTo(6));
        }
    }

    @Test
    void whatIsKnownToBeUnsentGoesAnywhere() {
        failures.add(fault(Fault.UNREACHABLE));
        try (Caller caller = caller(5, "a", "b")) {
            caller.call(INCR);
        }
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).startsWith("b ");
    }

    @Test
    void whatComesOutTheSameBearsNoName() {
        PointBatch.Builder timed = new PointBatch.Builder();
        timed.add(SeriesKey.of(Path.parse("a")), 1, Value.of(1));
        PointBatch.Builder untimed = new PointBatch.Builder();
        untimed.add(SeriesKey.of(Path.parse("a")), PointBatch.NO_TIME, Value.of(1));
        try (Caller caller = caller(5, "a")) {
            caller.call(Command.of(Verb.WRITE).with(new Body.Points(timed.build())));
            caller.call(Command.of(Verb.PUT).with(Param.KEY, "k").with(Param.VALUE, "v"));
            caller.call(Command.of(Verb.WRITE).with(new Body.Points(untimed.build())));
            caller.call(Command.of(Verb.PUT).with(Param.KEY, "k").with(Param.REV, 1L));
            caller.call(Command.of(Verb.DEL).with(Param.KEY, "k"));
        }
        assertThat(asked.subList(0, 2)).containsOnly("a -");
        assertThat(asked.subList(2, 5)).doesNotContain("a -").doesNotHaveDuplicates();
    }

    @Test
    void retriesEndWithTheLastFailureAndHowManyThereWere() {
        for (int i = 0; i < 9; i++) {
            failures.add(fault(Fault.LOST));
        }
        try (Caller caller = caller(2, "a")) {
            assertThatThrownBy(() -> caller.call(GET)).isInstanceOfSatisfying(ConnectionLostException.class, lost -> {
                assertThat(lost.attempts()).isEqualTo(3);
                assertThat(lost.endpoint()).isEqualTo("a");
            });
        }
    }

    @Test
    void aRefusalIsNotRepeatedUnlessItMayPass() {
        failures.add(new GoShareException(ErrorCode.BAD_REQUEST, "no"));
        failures.add(new GoShareException(ErrorCode.BUSY, "not now"));
        try (Caller caller = caller(5, "a")) {
            assertThatThrownBy(() -> caller.call(GET)).isInstanceOf(RefusedException.class);
            caller.call(GET);
        }
        assertThat(asked).hasSize(3);
    }

    @Test
    void theDeadlineIsOfAllAttemptsAndTheServerIsToldWhatIsLeft() {
        for (int i = 0; i < 100; i++) {
            failures.add(fault(Fault.TIMED_OUT));
        }
        Command brief = GET.with(Param.TIMEOUT, Duration.ofMillis(300).toNanos());
        long began = System.nanoTime();
        try (Caller caller = caller(100, "a")) {
            assertThatThrownBy(() -> caller.call(brief)).isInstanceOf(DeadlineException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(timeouts).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(timeouts.get(0)).isLessThanOrEqualTo(300_000_000L);
    }

    @Test
    void eachHostHasItsShareOfTheTime() {
        for (int i = 0; i < 3; i++) {
            failures.add(fault(Fault.TIMED_OUT));
        }
        try (Caller caller = caller(5, "a", "b", "c")) {
            caller.call(GET.with(Param.TIMEOUT, Duration.ofSeconds(30).toNanos()));
        }
        assertThat(asked).containsExactly("a -", "b -", "c -", "a -");
        assertThat(timeouts.get(0)).isBetween(9_900_000_000L, 10_000_000_000L);
        assertThat(timeouts.get(1)).isBetween(14_000_000_000L, 15_000_000_000L);
        assertThat(timeouts.subList(2, 4))
                .allSatisfy(last -> assertThat(last).isBetween(29_000_000_000L, 30_000_000_000L));
    }

    @Test
    void aShareIsNoLessThanASecondAndThanAPageMayWait() {
        try (Caller caller = caller(5, "a", "b", "c")) {
            caller.call(GET.with(Param.TIMEOUT, Duration.ofMillis(1200).toNanos()));
            caller.call(Command.of(Verb.WATCH)
                    .with(Param.WAIT, Duration.ofSeconds(20).toNanos())
                    .with(Param.TIMEOUT, Duration.ofSeconds(30).toNanos()));
        }
        assertThat(timeouts).containsExactly(1_000_000_000L, 21_000_000_000L);
    }

    @Test
    void aBudgetBoundsTheRetriesOfAllCalls() {
        for (int i = 0; i < 10_000; i++) {
            failures.add(fault(Fault.LOST));
        }
        try (Caller caller = caller(1, "a")) {
            int calls = 150;
            for (int i = 0; i < calls; i++) {
                assertThatThrownBy(() -> caller.call(GET)).isInstanceOf(CallException.class);
            }
            assertThat(asked).hasSize(calls + 100);
        }
    }

    @Test
    void futuresAreRetriedTooAndEndWithTheConnection() throws Exception {
        failures.add(fault(Fault.LOST));
        Caller caller = caller(5, "a");
        assertThat(caller.send(GET).get(5, TimeUnit.SECONDS)).isEqualTo(Reply.done());
        for (int i = 0; i < 1000; i++) {
            failures.add(fault(Fault.UNREACHABLE));
        }
        CompletableFuture<Reply> waiting = caller.send(GET);
        caller.close();
        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> caller.call(GET)).isInstanceOf(CallException.class);
    }
}
