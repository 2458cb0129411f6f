package io.goshare.server.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalKeyValueStoreTest {
    private static final OptionalLong FOR_EVER = OptionalLong.empty();
    private static final OptionalLong TEN_SECONDS = OptionalLong.of(10_000_000_000L);

    private final CommitFixture fixture = new CommitFixture();
    private final KeyValueStore store = new LocalKeyValueStore(fixture.base, fixture.clock);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    private Mutation put(String key, long value) {
        return store.put(key(key), Value.of(value), FOR_EVER, Condition.none());
    }

    private Mutation brief(String key, long value) {
        return store.put(key(key), Value.of(value), TEN_SECONDS, Condition.none());
    }

    private Optional<Value> get(String key) {
        return store.get(key(key)).map(Entry::value);
    }

    private void refused(ErrorCode code, Mutation mutation, String... words) {
        assertThatThrownBy(() -> fixture.commit(mutation)).isInstanceOfSatisfying(GoShareException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal).hasMessageContainingAll(words);
        });
    }

    @Test
    void aPutIsReadWithItsRevision() {
        long first = fixture.commit(put("a", 1)).revision();
        long second = fixture.commit(put("a", 2)).revision();

        assertThat(second).isGreaterThan(first);
        assertThat(store.get(key("a"))).contains(new Entry(Value.of(2L), second, Entry.NEVER));
        assertThat(store.get(key("b"))).isEmpty();
    }

    @Test
    void theEmptyKeyIsAKey() {
        fixture.commit(put("", 1));

        assertThat(get("")).contains(Value.of(1L));
        assertThat(store.scan(key(""), key(""), PageRequest.of(10)).rows()).hasSize(1);
    }

    @Test
    void anExpiredEntryReadsAsMissingEverywhere() {
        fixture.commit(brief("a", 1), put("b", 2));

        fixture.clock.move(Duration.ofSeconds(10));

        assertThat(get("a")).isEmpty();
        assertThat(store.get(List.of(key("a"), key("b")))).first().isEqualTo(Optional.empty());
        assertThat(store.scan(key(""), key(""), PageRequest.of(10)).rows()).hasSize(1);
        assertThat(fixture.told(store.delete(key("a"), Condition.none()))).isZero();
        fixture.commit(store.put(key("a"), Value.of(7L), FOR_EVER, new Condition.AtRevision(0)));
        assertThat(get("a")).contains(Value.of(7L));
    }

    @Test
    void aSweepDeletesWhatExpiredAndNothingElse() {
        fixture.commit(brief("gone1", 1), brief("gone2", 1), brief("renewed", 1), brief("kept", 1), put("plain", 1));
        fixture.commit(put("kept", 2));
        fixture.clock.move(Duration.ofSeconds(5));
        fixture.commit(brief("renewed", 2));
        fixture.clock.move(Duration.ofSeconds(6));

        assertThat(fixture.told(store.sweepExpired(2))).isEqualTo(2);
        assertThat(fixture.told(store.sweepExpired(2))).isEqualTo(1);
        assertThat(fixture.told(store.sweepExpired(2))).isZero();

        assertThat(fixture.rows(Tables.KEY_VALUE)).isEqualTo(3);
        assertThat(fixture.rows(Tables.EXPIRY)).isEqualTo(1);
        assertThat(get("kept")).contains(Value.of(2L));
        assertThat(get("renewed")).contains(Value.of(2L));
    }

    @Test
    void anIdleSweepTakesNoRevision() {
        long before = fixture.commit(put("a", 1)).revision();

        fixture.commit(store.sweepExpired(10));

        assertThat(fixture.commit(put("a", 2)).revision()).isEqualTo(before + 1);
    }

    @Test
    void aSweepFindsWhatWasPutAfterTheClockWentBack() {
        fixture.commit(brief("a", 1));
        fixture.clock.move(Duration.ofSeconds(100));
        fixture.commit(store.sweepExpired(10));
        fixture.clock.move(Duration.ofSeconds(-90));
        fixture.commit(brief("b", 1));
        fixture.clock.move(Duration.ofSeconds(30));

        assertThat(fixture.told(store.sweepExpired(10))).isEqualTo(1);
        assertThat(fixture.rows(Tables.KEY_VALUE)).isZero();
    }

    @Test
    void twoPutsOnOneRevisionOneWins() {
        long revision = fixture.commit(put("a", 1)).revision();
        Condition same = new Condition.AtRevision(revision);

        long won = fixture.commit(store.put(key("a"), Value.of(2L), FOR_EVER, same))
                .revision();

        refused(
                ErrorCode.CONFLICT,
                store.put(key("a"), Value.of(3L), FOR_EVER, same),
                "key a",
                "stands at revision " + won);
        refused(ErrorCode.CONFLICT, store.delete(key("b"), same), "key b", "revision 0");
        assertThat(get("a")).contains(Value.of(2L));
    }

    @Test
    void conditionsSeeWhatTheirOwnRequestDidAndRefuseAllOfIt() {
        allRefused(
                put("z", 9),
                store.put(key("a"), Value.of(1L), FOR_EVER, new Condition.AtRevision(0)),
                store.put(key("a"), Value.of(2L), FOR_EVER, new Condition.AtRevision(0)));

        assertThat(get("a")).isEmpty();
        assertThat(get("z")).isEmpty();
    }

    private void allRefused(Mutation... mutations) {
        assertThatThrownBy(() -> fixture.commit(mutations))
                .isInstanceOfSatisfying(
                        GoShareException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.50", "0.5", "0.500"})
    void anExpectedNumberIsMetHoweverItIsWritten(String text) {
        fixture.commit(store.put(key("a"), Value.decimal(50, 2), FOR_EVER, Condition.none()));

        fixture.commit(store.put(key("a"), Value.of("met"), FOR_EVER, new Condition.Holds(text)));

        assertThat(get("a")).contains(Value.of("met"));
    }

    @Test
    void expectedTextIsMetByTextThatLooksLikeANumberAndByNothingElse() {
        fixture.commit(store.put(key("a"), Value.of("5"), FOR_EVER, Condition.none()));

        refused(
                ErrorCode.CONFLICT,
                store.put(key("a"), Value.of(1L), FOR_EVER, new Condition.Holds("5.0")),
                "expected");
        refused(ErrorCode.CONFLICT, store.put(key("b"), Value.of(1L), FOR_EVER, new Condition.Holds("")), "missing");
        fixture.commit(store.put(key("a"), Value.of(6L), FOR_EVER, new Condition.Holds("5")));

        assertThat(get("a")).contains(Value.of(6L));
    }

    @Test
    void incrementsAddUpAndKeepTheExpiry() {
        fixture.commit(brief("n", 40));

        assertThat(fixture.told(store.increment(key("n"), 2, FOR_EVER))).isEqualTo(42);
        assertThat(fixture.told(store.increment(key("m"), -3, FOR_EVER))).isEqualTo(-3);

        fixture.clock.move(Duration.ofSeconds(11));
        assertThat(fixture.told(store.increment(key("n"), 1, FOR_EVER))).isEqualTo(1);
        assertThat(store.get(key("n")).map(Entry::expires)).contains(Entry.NEVER);
    }

    @Test
    void whatIsNoIntegerOrTooLargeIsNotIncremented() {
        fixture.commit(put("max", Long.MAX_VALUE), store.put(key("t"), Value.of("x"), FOR_EVER, Condition.none()));

        refused(ErrorCode.BAD_REQUEST, store.increment(key("max"), 1, FOR_EVER), "max", "int64");
        refused(ErrorCode.BAD_REQUEST, store.increment(key("t"), 1, FOR_EVER), "t", "no integer");
        assertThat(get("max")).contains(Value.of(Long.MAX_VALUE));
    }

    @Test
    void aScanGivesThePrefixInOrderPageByPage() {
        for (String key : List.of("b", "a", "aa", "ab", "ab\u00ff", "c")) {
            fixture.commit(put(key, 1));
        }

        List<String> seen = new ArrayList<>();
        byte[] from = {};
        int pages = 0;
        while (true) {
            Page<KeyValueStore.Row> page = store.scan(key("a"), from, PageRequest.of(2));
            pages++;
            page.rows().forEach(row -> seen.add(new String(row.key(), UTF_8)));
            if (page.next().isEmpty()) {
                break;
            }
            from = page.next().get();
        }

        assertThat(seen).containsExactly("a", "aa", "ab", "ab\u00ff");
        assertThat(pages).isEqualTo(2);
    }
}
