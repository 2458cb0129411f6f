package io.goshare.server.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.server.cli.bench.Lines.Batch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
    private static final Instant START = Instant.parse("2016-01-01T00:00:00Z");

    private static Workload workload(Values values, int steps) {
        return new Workload(5, 3, steps, Duration.ofSeconds(10), START, values, 7);
    }

    @Test
    void connectionsShareTheHostsAndSendWhatTheModelSays() {
        Workload workload = workload(Values.DECIMALS, 11);

        List<String> lines = new ArrayList<>(lines(new Lines(workload, 0, 2, 6)));
        lines.addAll(lines(new Lines(workload, 2, 5, 6)));

        assertThat(lines).hasSize(5 * 11).doesNotHaveDuplicates();
        long[] model = workload.model(3, 1);
        for (int step = 0; step < 11; step++) {
            String value = Values.DECIMALS.plain(model[step]);
            String ending = " " + (1_451_606_400L + step * 10L) + "000000000";
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("gauge,host=host_3 ") && line.endsWith(ending))
                    .singleElement()
                    .asString()
                    .contains(",usage_system=" + value + ",");
        }
    }

    @Test
    void batchesHoldWholeLinesOfTheSizeAskedForAndTheRest() {
        Workload workload = workload(Values.WALK, 4);

        List<Batch> batches = new Lines(workload, 0, 5, 20).next(Long.MAX_VALUE);

        assertThat(batches).extracting(Batch::points).containsExactly(18, 18, 18, 6);
        assertThat(batches.get(0).body())
                .asString(StandardCharsets.US_ASCII)
                .matches("(cpu,host=host_\\d " + "usage_user=\\d+i,usage_system=\\d+i,usage_idle=\\d+i \\d{19}\n){6}");
    }

    @Test
    void aWalkStaysInItsBoundsAndMovesAboutOneAStep() {
        long[] model = workload(Values.WALK, 10_000).model(0, 0);

        assertThat(LongStream.of(model)).allMatch(value -> value >= 0 && value <= 100);
        assertThat(meanStep(model)).isBetween(0.7, 0.95);
    }

    @Test
    void countersGrow() {
        long[] model = workload(Values.COUNTERS, 10_000).model(0, 0);

        assertThat(model).isSorted();
        assertThat(meanStep(model)).isBetween(730.0, 770.0);
    }

    @Test
    void statesChangeAboutOnceADay() {
        int days = 500;
        long[] model = workload(Values.STATES, days * 8_640).model(0, 0);

        long changes = LongStream.range(1, model.length)
                .filter(i -> model[(int) i] != model[(int) i - 1])
                .count();

        assertThat(changes).isBetween(days - 100L, days + 100L);
        assertThat(Arrays.stream(model).distinct().count()).isEqualTo(4);
    }

    @Test
    void seriesAndSeedsDiffer() {
        Workload one = workload(Values.WALK, 100);
        Workload other = new Workload(5, 3, 100, Duration.ofSeconds(10), START, Values.WALK, 8);

        assertThat(one.model(0, 0)).isNotEqualTo(one.model(0, 1)).isNotEqualTo(other.model(0, 0));
        assertThat(one.model(0, 0)).isEqualTo(workload(Values.WALK, 100).model(0, 0));
    }

    private static double meanStep(long[] model) {
        return LongStream.range(1, model.length)
                .map(i -> Math.abs(model[(int) i] - model[(int) i - 1]))
                .average()
                .orElseThrow();
    }

    private static List<String> lines(Lines lines) {
        return lines.next(Long.MAX_VALUE).stream()
                .flatMap(batch -> new String(batch.body(), StandardCharsets.US_ASCII).lines())
                .toList();
    }
}
