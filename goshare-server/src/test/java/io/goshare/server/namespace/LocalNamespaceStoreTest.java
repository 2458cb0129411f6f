package io.goshare.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Tables;
import io.goshare.server.keyvalue.CommitFixture;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.PageRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocalNamespaceStoreTest {
    private static final OptionalLong NOW = OptionalLong.empty();

    private final CommitFixture fixture = new CommitFixture();
    private final NamespaceStore store = new LocalNamespaceStore(fixture.base, 3);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Change put(String path, String value) {
        return new Change.Put(Path.parse(path), Value.of(value), Condition.none());
    }

    private long change(Change... changes) {
        return fixture.commit(store.change(List.of(changes))).revision();
    }

    private void sweepAllCuts() {
        while (fixture.commit(store.sweepCuts(2)).outcomes().get(0).equals(Value.of(true))) {
            fixture.clock.move(Duration.ofNanos(1));
        }
    }

    @Test
    void aKeyThatNeverChangesCostsOneRow() {
        change(put("a", "1"));
        change(put("a", "1"));

        assertThat(fixture.rows(Tables.NAMESPACE)).isEqualTo(1);
        assertThat(fixture.rows(Tables.HISTORY)).isZero();
        assertThat(fixture.rows(Tables.CHANGES)).isEqualTo(1);
    }

    @Test
    void aLargeValueStandsInHistoryFromTheStartAndOnlyThere() {
        String large = "x".repeat(5000);
        change(put("a", large));
        change(put("a", large));

        assertThat(fixture.rows(Tables.HISTORY)).isEqualTo(1);
        assertThat(fixture.base.get(CurrentRow.key(Path.parse("a"))))
                .hasValueSatisfying(row -> assertThat(row).hasSize(34));
        assertThat(store.get(Path.parse("a"), NOW).map(NamespaceValue::value)).contains(Value.of(large));
        assertThat(store.history(Path.parse("a"), Optional.empty(), PageRequest.of(10))
                        .rows())
                .hasSize(1);
    }

    @Test
    void rowsAreAsDrawn() {
        change(put("a:b", "up"));
        HexFormat hex = HexFormat.of();
        long since = fixture.clock.nanos();
        String time = hex.toHexDigits(since);
        String one = hex.toHexDigits(1L);

        assertThat(hex.formatHex(
                        fixture.base.get(CurrentRow.key(Path.parse("a:b"))).orElseThrow()))
                .isEqualTo("0100" + one + one + time + time + "04" + "7570");

        fixture.clock.move(Duration.ofNanos(7));
        change(new Change.End(Path.parse("a:b"), Condition.none()));
        List<String> rows = new ArrayList<>();
        fixture.base.scan(
                null,
                new byte[] {Tables.HISTORY},
                new byte[] {Tables.HISTORY + 1},
                (key, value) -> rows.add(hex.formatHex(key) + "=" + hex.formatHex(value)));
        String path = "48" + "6100620000";
        assertThat(rows)
                .containsExactly(
                        path + hex.toHexDigits(~((since + 7) ^ Long.MIN_VALUE)) + "=0101" + hex.toHexDigits(2L),
                        path + hex.toHexDigits(~(since ^ Long.MIN_VALUE)) + "=0100" + one + "047570");
    }

    @Test
    void newestHistoryComesFirstAlsoBefore1970() {
        byte[] path = Path.parse("a").encoded();

        assertThat(Arrays.compareUnsigned(HistoryRow.key(path, 0), HistoryRow.key(path, -1)))
                .isNegative();
        assertThat(Arrays.compareUnsigned(HistoryRow.key(path, 5), HistoryRow.key(path, 0)))
                .isNegative();
        assertThat(HistoryRow.sinceOf(HistoryRow.key(path, -7))).isEqualTo(-7);
    }

    @Test
    void aClockSetBackNeverPutsThePresentBeforeThePast() {
        change(put("a", "1"));
        long first = fixture.clock.nanos();
        fixture.clock.move(Duration.ofHours(-1));
        change(put("a", "2"));
        change(new Change.End(Path.parse("a"), Condition.none()));
        change(put("a", "3"));

        List<Era> eras = store.history(Path.parse("a"), Optional.empty(), PageRequest.of(10))
                .rows();
        assertThat(eras.stream().map(Era::from)).containsExactly(first + 3, first + 2, first + 1, first);
        assertThat(eras.stream().map(era -> era.value().map(Value::asText).orElse("-")))
                .containsExactly("3", "-", "2", "1");
    }

    @Test
    void aCutHidesAtOnceIsLoggedAndGoesInSlices() {
        change(put("t:a", "1"), put("t:b", "2"), put("t:c", "3"), put("t:d", "4"), put("u", "5"));
        fixture.clock.move(Duration.ofSeconds(1));
        long logged = fixture.rows(Tables.LOG);

        long told = fixture.told(store.change(List.of(new Change.EndTree(Path.parse("t")))));
        change(put("t:b", "new"));

        assertThat(told).isEqualTo(NamespaceStore.CUT);
        assertThat(fixture.rows(Tables.LOG)).isEqualTo(logged + 1);
        assertThat(store.count(Path.parse("t"), 10)).isEqualTo(1);
        assertThat(fixture.rows(Tables.NAMESPACE)).isEqualTo(5);
        sweepAllCuts();
        assertThat(fixture.rows(Tables.NAMESPACE)).isEqualTo(2);
        assertThat(Cut.all((from, to, rows) -> fixture.base.scan(null, from, to, rows)))
                .isEmpty();
        assertThat(store.get(Path.parse("t:b"), NOW).map(NamespaceValue::value)).contains(Value.of("new"));
        Era end = store.history(Path.parse("t:a"), Optional.empty(), PageRequest.of(1))
                .rows()
                .get(0);
        assertThat(end.from()).isEqualTo(fixture.clock.nanos() - sweeps());
        assertThat(end.value()).isEmpty();
    }

    /** Nanoseconds that {@link #sweepAllCuts} moved the clock on. */
    private long sweeps() {
        return fixture.clock.nanos() % 1_000_000_000L;
    }

    @Test
    void aDropLeavesWhatCameAfterItsRevision() {
        change(put("t:a", "1"));
        long revision = change(put("t:a", "2"), put("ta", "kept"));
        NamespaceStore.Drop drop = store.drop(Path.parse("t"), revision);
        change(put("t:a", "3"), put("t:b", "x".repeat(5000)));

        while (!drop.isDone()) {
            fixture.commit(drop.next(1));
        }

        List<Era> eras = store.history(Path.parse("t:a"), Optional.empty(), PageRequest.of(10))
                .rows();
        assertThat(eras.stream().map(era -> era.value().map(Value::asText).orElse("-")))
                .containsExactly("3");
        assertThat(store.count(Path.parse("t"), 10)).isEqualTo(2);
        assertThat(store.get(Path.parse("t:b"), NOW)).isPresent();
        assertThat(store.get(Path.parse("ta"), NOW)).isPresent();
    }

    @Test
    void changesAreForgottenByAgeWholeRequestsAtATime() {
        change(put("a", "1"), put("b", "1"), put("c", "1"));
        fixture.clock.move(Duration.ofMinutes(11));
        long young = change(put("a", "2"));

        assertThat(fixture.told(store.trimChanges(1))).isEqualTo(3);
        assertThat(fixture.told(store.trimChanges(1))).isZero();

        List<Long> revisions = new ArrayList<>();
        fixture.base.scan(
                null,
                new byte[] {Tables.CHANGES},
                new byte[] {Tables.CHANGES + 1},
                (key, value) -> revisions.add(ByteBuffer.wrap(key).getLong(1)));
        assertThat(revisions).containsExactly(young);
    }

    @Test
    void childrenOfAWideTreeAreLeaptTo() {
        List<Change> puts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            puts.add(put("t:a:" + i, "1"));
        }
        puts.add(put("t:b", "1"));
        change(puts.toArray(Change[]::new));

        assertThat(store.children(Optional.of(Path.parse("t")), NOW, Optional.empty(), PageRequest.of(10))
                        .rows())
                .containsExactly(new Child(Path.parse("t:a"), false, true), new Child(Path.parse("t:b"), true, false));
    }
}
