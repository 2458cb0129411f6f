package io.goshare.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchEvent.Kind;
import io.goshare.protocol.WatchHandler;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages of subscriptions that tell what they are told to. */
final class WatchPagesTest {
    private final List<Told> begun = new ArrayList<>();
    private Consumer<Told> whenBegun = told -> {};
    private final WatchPages pages = new WatchPages(new WatchHandler() {
        @Override
        public Flow.Publisher<WatchEvent> watch(Command command, String peer) {
            return subscriber -> {
                Told told = new Told(subscriber);
                begun.add(told);
                subscriber.onSubscribe(told);
                whenBegun.accept(told);
            };
        }

        @Override
        public void close() {
            // nothing is open
        }
    });

    /** A subscription that the test speaks for. */
    private static final class Told implements Flow.Subscription {
        private final Flow.Subscriber<? super WatchEvent> subscriber;
        private long demand;
        private boolean cancelled;

        Told(Flow.Subscriber<? super WatchEvent> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long more) {
            demand += more;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void tell(Kind kind, long revision, String... values) {
            assertThat(demand).isPositive();
            demand--;
            WatchEvent event = WatchEvent.of(kind, revision);
            for (String value : values) {
                event.rows()
                        .add(Value.of("put"), Value.of("ns"), Value.of("a"), null, Value.of(1), null, Value.of(value));
            }
            subscriber.onNext(event);
        }
    }

    @AfterEach
    void close() {
        pages.close();
    }

    private CompletableFuture<Reply> ask(String... words) {
        Command command = Command.of(Verb.WATCH).with("sel", "a:**");
        for (String word : words) {
            String[] pair = word.split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return pages.page(command);
    }

    private static List<String> values(CompletableFuture<Reply> page) {
        assertThat(page).isCompleted();
        return ((Result.Rows) page.join().result())
                .table().rows().stream()
                        .map(row -> row[7] == null ? "-" : row[7].asText())
                        .toList();
    }

    private static String revision(CompletableFuture<Reply> page) {
        return page.join().notes().get("revision");
    }

    /** A page that was answered at revision 5. */
    private Told started() {
        CompletableFuture<Reply> first = ask("live_only=true");
        Told told = begun.get(begun.size() - 1);
        told.tell(Kind.READY, 5);
        assertThat(values(first)).isEmpty();
        assertThat(revision(first)).isEqualTo("5");
        return told;
    }

    @Test
    void theNextPageIsOfTheSameSubscription() {
        Told told = started();

        CompletableFuture<Reply> second = ask("after=5", "wait=3s");
        assertThat(second).isNotDone();
        told.tell(Kind.CHANGE, 6, "x", "y");
        told.tell(Kind.CHANGE, 8, "z");
        told.tell(Kind.BEAT, 9);
        told.tell(Kind.CHANGE, 10, "w");
        CompletableFuture<Reply> third = ask("after=6");

        assertThat(values(second)).containsExactly("x", "y");
        assertThat(values(third)).containsExactly("z", "w");
        assertThat(revision(third)).isEqualTo("10");
        assertThat(begun).hasSize(1);
    }

    @Test
    void whoDidNotGetAPageAsksForItAnew() {
        Told told = started();
        CompletableFuture<Reply> lost = ask("after=5");
        told.tell(Kind.CHANGE, 6, "x");
        assertThat(lost).isCompleted();

        CompletableFuture<Reply> again = ask("after=5");
        begun.get(1).tell(Kind.CHANGE, 6, "x");
        begun.get(1).tell(Kind.READY, 6);

        assertThat(values(again)).containsExactly("x");
        assertThat(begun).hasSize(2);
    }

    @Test
    void whatWasMissedIsOnePageHoweverSoonItComes() {
        whenBegun = told -> told.tell(Kind.CHANGE, 6, "x");

        CompletableFuture<Reply> page = ask("after=5");
        assertThat(page).isNotDone();
        begun.get(0).tell(Kind.CHANGE, 7, "y");
        begun.get(0).tell(Kind.READY, 7);

        assertThat(values(page)).containsExactly("x", "y");
    }

    @Test
    void anotherQuestionIsAnotherSubscription() {
        started();

        ask("after=5", "on=transitions");
        ask("after=4");

        assertThat(begun).hasSize(3);
    }

    @Test
    void twoWhoAskTheSameHaveASubscriptionEach() {
        Told one = started();
        Told other = started();

        CompletableFuture<Reply> first = ask("after=5");
        CompletableFuture<Reply> second = ask("after=5");
        one.tell(Kind.CHANGE, 6, "x");
        other.tell(Kind.CHANGE, 6, "x");

        assertThat(values(first)).containsExactly("x");
        assertThat(values(second)).containsExactly("x");
        assertThat(begun).hasSize(2);
    }

    @Test
    void whatIsNotAskedForIsGatheredUpToABound() {
        Told told = started();
        String kilobyte = "v".repeat(1024);
        long revision = 6;
        while (told.demand > 0) {
            told.tell(Kind.CHANGE, revision++, kilobyte);
        }
        assertThat(revision).isBetween(500L, 1200L);

        CompletableFuture<Reply> page = ask("after=5");

        assertThat(values(page)).hasSize((int) revision - 6);
        assertThat(told.demand).isEqualTo(1);
    }

    @Test
    void aSubscriptionThatFellBehindTellsWhatItHasAndIsBegunAnew() {
        Told told = started();
        told.tell(Kind.CHANGE, 6, "x");
        told.tell(Kind.BEHIND, 6);

        CompletableFuture<Reply> last = ask("after=5");
        ask("after=6");

        assertThat(values(last)).containsExactly("x");
        assertThat(revision(last)).isEqualTo("6");
        assertThat(begun).hasSize(2);
    }

    @Test
    void aFailureIsTheNextPages() {
        Told told = started();
        told.subscriber.onError(new GoShareException(ErrorCode.CLOSED, "the server is stopping"));

        assertThat(ask("after=5"))
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableThat()
                .withMessageContaining("stopping");
    }

    @Test
    void onlySoManyWaitForTheirNextPage() {
        Told oldest = started();
        for (int i = 0; i < 256; i++) {
            assertThat(oldest.cancelled).isFalse();
            started();
        }

        assertThat(oldest.cancelled).isTrue();
        assertThat(begun.stream().filter(told -> told.cancelled)).hasSize(1);
        pages.close();
        assertThat(begun).allMatch(told -> told.cancelled);
    }

    @Test
    void aPageWithoutNewsEndsAfterItsWaitAndGoesOn() {
        Told told = started();

        CompletableFuture<Reply> quiet = ask("after=5", "wait=10ms");
        assertThat(quiet).succeedsWithin(Duration.ofSeconds(10));
        told.tell(Kind.CHANGE, 6, "x");

        assertThat(values(quiet)).isEmpty();
        assertThat(values(ask("after=5"))).containsExactly("x");
        assertThat(begun).hasSize(1);
    }
}
