package io.goshare.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.WatchEvent;
import io.goshare.protocol.WatchHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class MailboxTest {
    /** Revisions, each with how many events wait behind it. */
    private final List<String> told = new ArrayList<>();

    private final Mailbox mailbox = new Mailbox(Runnable::run, () -> {});

    MailboxTest() {
        mailbox.open(new Flow.Subscriber<>() {
            private WatchHandler.Delivery delivery;

            @Override
            public void onSubscribe(Flow.Subscription made) {
                delivery = (WatchHandler.Delivery) made;
                made.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(WatchEvent event) {
                told.add(event.revision() + "+" + delivery.waiting());
            }

            @Override
            public void onError(Throwable failure) {
                told.add("failed");
            }

            @Override
            public void onComplete() {
                told.add("over");
            }
        });
    }

    private void offer(long revision) {
        assertThat(mailbox.offer(WatchEvent.of(WatchEvent.Kind.BEAT, revision))).isTrue();
    }

    @Test
    void whatIsSentTogetherIsSeenToWait() {
        offer(1);
        offer(2);
        offer(3);
        assertThat(told).isEmpty();
        assertThat(mailbox.isEmpty()).isFalse();

        assertThat(mailbox.send()).isEqualTo(3);

        assertThat(told).containsExactly("1+2", "2+1", "3+0");
        assertThat(mailbox.isEmpty()).isTrue();
        assertThat(mailbox.send()).isZero();
    }

    @Test
    void manyAreSentBeforeTheEndOfTheTurn() {
        for (int revision = 0; revision < 100; revision++) {
            offer(revision);
        }

        assertThat(told).hasSize(64).startsWith("0+63").endsWith("63+0");
    }

    @Test
    void theLastComesBehindWhatWasAdded() {
        offer(1);

        mailbox.close(WatchEvent.of(WatchEvent.Kind.BEHIND, 2));

        assertThat(told).containsExactly("1+1", "2+0", "over");
    }
}
