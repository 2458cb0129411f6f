package io.goshare.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimeTextTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final long NOW = nanos("2014-07-09T15:42:07.5Z"); // a Wednesday

    private static long nanos(String instant) {
        return CalendarUnit.nanos(Instant.parse(instant));
    }

    private static void assertTime(String text, String expected) {
        assertTime(text, ZoneOffset.UTC, NOW, expected);
    }

    private static void assertTime(String text, ZoneId zone, long now, String expected) {
        assertThat(TimeText.parse(text).resolve(now, zone)).as(text).isEqualTo(nanos(expected));
        assertThat(TimeText.parse(text).toString()).isEqualTo(text);
    }

    @Test
    void absoluteInstants() {
        assertTime("2014-07-01T12:00:00Z", "2014-07-01T12:00:00Z");
        assertTime("2014-07-01T12:00:00.000000001+02:00", "2014-07-01T10:00:00.000000001Z");
        assertTime("1404172800s", "2014-07-01T00:00:00Z");
        assertTime("1404172800123ms", "2014-07-01T00:00:00.123Z");
        assertTime("1404172800000000001ns", "2014-07-01T00:00:00.000000001Z");
        assertTime("1960-01-01T00:00:00Z", "1960-01-01T00:00:00Z");
    }

    @Test
    void withoutOffsetTheZoneDecides() {
        assertTime("2014-07-01", BERLIN, NOW, "2014-06-30T22:00:00Z");
        assertTime("2014-01-01T12:30", BERLIN, NOW, "2014-01-01T11:30:00Z");
    }

    @Test
    void timedotsAreUtcAndBeginTheirSpan() {
        assertTime("2014", BERLIN, NOW, "2014-01-01T00:00:00Z");
        assertTime("2014:7", BERLIN, NOW, "2014-07-01T00:00:00Z");
        assertTime("2014:7:1:12", BERLIN, NOW, "2014-07-01T12:00:00Z");
        assertTime("2014:7:1:12:5:6:7", BERLIN, NOW, "2014-07-01T12:05:06.000000007Z");
    }

    @Test
    void relativeInstants() {
        assertTime("now", "2014-07-09T15:42:07.5Z");
        assertTime("-1h", "2014-07-09T14:42:07.5Z");
        assertTime("now-1h30m", "2014-07-09T14:12:07.5Z");
        assertTime("+500ms", "2014-07-09T15:42:08Z");
        assertTime("now-1d/d", "2014-07-08T00:00:00Z");
        assertTime("now/w", "2014-07-07T00:00:00Z");
        assertTime("now/h", "2014-07-09T15:00:00Z");
        assertTime("-1mo/mo", "2014-06-01T00:00:00Z");
        assertTime("now/q", "2014-07-01T00:00:00Z");
        assertTime("now-1y/y", "2013-01-01T00:00:00Z");
        assertTime("now/d", BERLIN, nanos("2014-07-08T22:30:00Z"), "2014-07-08T22:00:00Z");
    }

    @Test
    void daysStepInLocalTimeAcrossClockChanges() {
        long lateOnTheLongDay = nanos("2014-10-26T22:30:00Z"); // 23:30 in Berlin, 25 hours after 23:30 the day before

        assertTime("now-1d", BERLIN, lateOnTheLongDay, "2014-10-25T21:30:00Z");
        assertTime("now-1d/d", BERLIN, lateOnTheLongDay, "2014-10-24T22:00:00Z");
        assertTime("now/d", BERLIN, lateOnTheLongDay, "2014-10-25T22:00:00Z");
        assertTime("-24h", BERLIN, lateOnTheLongDay, "2014-10-25T22:30:00Z");
        ZoneId havana = ZoneId.of("America/Havana"); // on 2014-11-02 midnight came twice

        assertTime("now/d", havana, nanos("2014-11-02T05:30:00Z"), "2014-11-02T04:00:00Z");
        ZoneId cairo = ZoneId.of("Africa/Cairo"); // 2014-05-16 began at 01:00
        assertTime("now/d", cairo, nanos("2014-05-16T09:00:00Z"), "2014-05-15T22:00:00Z");
    }

    @Test
    void whatIsNoInstantSaysWhatOneIs() {
        for (String wrong :
                new String[] {"", "tomorrow", "-1x", "now/x", "/d", "2014:13", "2014-13-01", "12:30", "1404172800"}) {
            assertThatThrownBy(() -> TimeText.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> TimeText.parse("1404172800")).hasMessageContaining("1404172800s");
        assertThatThrownBy(() -> TimeText.parse("-1x")).hasMessageContaining("units are");
        assertThatThrownBy(() -> TimeText.parse("-999y").resolve(NOW, ZoneOffset.UTC))
                .hasMessageContaining("1677");
        assertThatThrownBy(() -> TimeText.parse("3000-01-01T00:00:00Z")).hasMessageContaining("2262");
        assertThatThrownBy(() -> TimeText.parse("99999999999s")).hasMessageContaining("2262");
    }

    private static void assertRange(String text, ZoneId zone, String from, String to) {
        long latest = nanos("2014-03-30T12:34:56Z");
        TimeRange range = RangeText.parse(text).resolve(NOW, zone, latest);
        assertThat(range).as(text).isEqualTo(new TimeRange(nanos(from), nanos(to)));
    }

    @Test
    void rangesOfTimedots() {
        assertRange("2014:7:1", BERLIN, "2014-07-01T00:00:00Z", "2014-07-02T00:00:00Z");
        assertRange("2014:7", BERLIN, "2014-07-01T00:00:00Z", "2014-08-01T00:00:00Z");
        assertRange("2014:7:1..2014:7:3", BERLIN, "2014-07-01T00:00:00Z", "2014-07-04T00:00:00Z");
        assertRange("2014:7:1..2014:8", BERLIN, "2014-07-01T00:00:00Z", "2014-09-01T00:00:00Z");
    }

    @Test
    void isoIntervals() {
        assertRange("2014-07-01/P7D", ZoneOffset.UTC, "2014-07-01T00:00:00Z", "2014-07-08T00:00:00Z");
        assertRange("2014-10-26/P1D", BERLIN, "2014-10-25T22:00:00Z", "2014-10-26T23:00:00Z");
        assertRange("P1MT12H/2014-07-01", ZoneOffset.UTC, "2014-05-31T12:00:00Z", "2014-07-01T00:00:00Z");
        assertRange("2014-07-01T10:00:00Z/PT30M", BERLIN, "2014-07-01T10:00:00Z", "2014-07-01T10:30:00Z");
        assertRange("2014-07-01/2014-07-08", ZoneOffset.UTC, "2014-07-01T00:00:00Z", "2014-07-08T00:00:00Z");
    }

    @Test
    void namedRanges() {
        assertRange("this_day", ZoneOffset.UTC, "2014-07-09T00:00:00Z", "2014-07-09T15:42:07.5Z");
        assertRange("this_week", BERLIN, "2014-07-06T22:00:00Z", "2014-07-09T15:42:07.5Z");
        assertRange("prev_month", BERLIN, "2014-05-31T22:00:00Z", "2014-06-30T22:00:00Z");
        assertRange("prev_min", BERLIN, "2014-07-09T15:41:00Z", "2014-07-09T15:42:00Z");
        assertRange("latest_day", BERLIN, "2014-03-29T23:00:00Z", "2014-03-30T22:00:00Z");
        assertRange("latest_hour", BERLIN, "2014-03-30T12:00:00Z", "2014-03-30T13:00:00Z");
        assertRange("latest_dot", BERLIN, "2014-03-30T12:34:56Z", "2014-03-30T12:34:56.000000001Z");
        assertThat(RangeText.parse("latest_dot").needsLatest()).isTrue();
        assertThat(RangeText.parse("this_dot").isNow()).isTrue();
    }

    @Test
    void whatIsNoRangeSaysWhatOneIs() {
        for (String wrong : new String[] {
            "", "today", "this_eon", "prev_dot", "2014:7:3..2014:7:1", "2014-07-01/7D", "2014-07-01/Pxx", "-1h..now"
        }) {
            assertThatThrownBy(() -> RangeText.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> RangeText.parse("2014-07-08/2014-07-01").resolve(NOW, ZoneOffset.UTC, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
