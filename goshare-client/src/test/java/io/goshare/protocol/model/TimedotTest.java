package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimedotTest {
    private static long nanos(String instant) {
        Instant at = Instant.parse(instant);
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    @Test
    void sevenPartsAreAnInstantInUtc() {
        assertThat(Timedot.nanos(2014, 7, 1, 12, 30, 5, 7)).hasValue(nanos("2014-07-01T12:30:05.000000007Z"));
        assertThat(Timedot.print(nanos("1969-12-31T23:59:59.5Z"))).isEqualTo("1969:12:31:23:59:59:500000000");
    }

    @Test
    void printedInstantsComeBackAsTails() {
        Random random = new Random(6);
        for (int i = 0; i < 10_000; i++) {
            long time = random.nextLong() | 1;
            Path path = Timedot.append(Path.parse("a:b"), time);

            assertThat(Timedot.tail(path)).hasValue(time);
            assertThat(Timedot.withoutTail(path)).isEqualTo(Path.parse("a:b"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x:2014:13:1:0:0:0:0", "x:9999:1:1:0:0:0:0", "x:2014:2:30:0:0:0:0", "x:2014:02:1:0:0:0:0",
                "x:2014:2:1:0:0:0:1000000000", "2014:7:1:0:0:0:0", "x:2014:7:1:0:0:0:", "x:2014:7:1:0:0:60:0"
            })
    void whatIsNoCanonicalInstantIsAnOrdinaryPath(String path) {
        assertThat(Timedot.tail(Path.parse(path))).isEmpty();
    }

    @Test
    void aPrefixIsTheSpanItBegins() {
        assertThat(Timedot.span(2014, 7, 1))
                .hasValue(new TimeRange(nanos("2014-07-01T00:00:00Z"), nanos("2014-07-02T00:00:00Z")));
        assertThat(Timedot.span(2014))
                .hasValue(new TimeRange(nanos("2014-01-01T00:00:00Z"), nanos("2015-01-01T00:00:00Z")));
        assertThat(Timedot.span(2014, 13)).isEmpty();
    }
}
