package io.goshare.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryServiceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_404_216_000L * SECOND;
    private static final SeriesKey A = SeriesKey.of(Path.parse("a"));

    private final MemorySeries series = new MemorySeries();
    private long now = NOW;
    private final QueryService service =
            new QueryService(series, () -> now, Budget.Limits.DEFAULT, new Leases.Limits(2, 1_000, Long.MAX_VALUE / 2));

    @AfterEach
    void close() {
        service.close();
        assertThat(series.open).isZero();
    }

    private Reply run(String words) {
        return service.run(command(words));
    }

    private Reply run(String words, Budget.Limits limits) {
        try (QueryService limited = new QueryService(series, () -> NOW, limits)) {
            return limited.run(command(words));
        }
    }

    private static Command command(String words) {
        String[] parts = words.split("(?<!\\\\) ");
        Command command = Command.of(Verb.named(parts[0]).orElseThrow());
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            String[] pair = part.replace("\\ ", " ").split("=", 2);
            command = command.with(pair[0], pair[1]);
        }
        return command;
    }

    private static List<String> lines(Reply reply) {
        List<String> lines = new ArrayList<>();
        if (reply.result() instanceof Result.Points points) {
            PointBatch batch = points.batch();
            for (int i = 0; i < batch.rows(); i++) {
                lines.add(batch.key(batch.series()[i]) + " " + batch.times()[i] + " " + batch.value(i));
            }
        } else {
            for (@Nullable Value[] row : ((Result.Rows) reply.result()).table().rows()) {
                lines.add(String.join(
                        " ", Arrays.stream(row).map(Objects::toString).toList()));
            }
        }
        return lines;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "query > needs sel",
                "query sel=a agg=meann > did you mean mean?; it takes any, argmax",
                "query sel=a agg=mean,mean > twice",
                "query sel=a agg=p999 > quantile:0.99",
                "query sel=a every=1m > add agg=mean",
                "query sel=a every=0s agg=mean > longer than nothing",
                "query sel=a every=0d agg=mean > longer than nothing",
                "query sel=a every=1fortnight agg=mean > is no duration",
                "query sel=a every=1m window=run agg=count > cannot stand beside window=run",
                "query sel=a window=3m agg=count > needs every",
                "query sel=a window=session:0s agg=count > longer than nothing",
                "query sel=a window=session:5m > add agg=count",
                "query sel=a window=run fill=null agg=count > fill, by and reduce have no meaning",
                "query sel=a agg=count fill=null > works on the windows of every",
                "query sel=a agg=count every=1m fill=zero > none of none, null, previous",
                "query sel=a by=#0 agg=count > add reduce=sum",
                "query sel=a by=@host agg=count reduce=sum > captures no such segment",
                "query sel=a by=host agg=count reduce=sum > none of @host",
                "query sel=a agg=count reduce=transitions > not one aggregate of values at one time",
                "query sel=a agg=duration,count > write share:down",
                "query sel=a where=gt:x > x is none",
                "query sel=a where=gtt:1 > did you mean gt?",
                "query sel=a where=near:5 > near:middle:distance",
                "query sel=a where=re:( > no regular expression",
                "query sel=a window=run where=changed > leave changed out",
                "query sel=a from=-1h to=-2h > to=-2h is before from=-1h",
                "query sel=a from=-1h range=this_day > the range is given twice",
                "query sel=a around=now > around and radius go together",
                "query sel=a radius=5m > around and radius go together",
                "query sel=a range=2014-07-08/2014-07-01 > range",
                "query sel=a tz=Mars/Olympus > is no time zone",
                "query sel=a at=now agg=mean > beside which agg has no meaning",
                "query sel=a cursor=!! > cursor",
                "query sel=a cursor=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA > another query",
                "query sel=a limit=0 > is not between 1 and",
                "query sel=a from=-9999y > 1677",
                "states sel=a agg=count > takes no agg",
                "query when=a=1 sel=a > leave one out",
                "query when=gt:5 > names no series",
                "query when=a > takes gt, lt",
                "query when=a\\ b > or a predicate of where",
                "query when=a=1\\ or > condition is missing",
                "query when=(\\ a=1 > a ) is missing",
                "query when=a=1\\ b=2 > stands where and, or or the end should",
                "query when=a=\"x > the quote \" is not closed",
                "query when=any\\ gt:3 > any, all and overlap want series",
                "query when=a<x > x is none",
                "query when=**=1 > write any, all or overlap:2",
                "query when=a:@h=1\\ or\\ a:@g=1 > capture the same segments",
                "query when=a=1 fn=rate > leave fn out",
                "query when=a=1 range=latest_day > give from and to",
                "query when=a=1 at=now > beside which when has no meaning",
                "query sel=a while=a:@h=1 > capture it in sel too",
                "query sel=a while=gt:1 window=while:gt:1 agg=count > join them by and",
                "query sel=a window=while:gt:1 > add agg=count",
                "query sel=a window=count:0 agg=count > wants a number of points",
                "query sel=a window=count:5 agg=count by=#0 reduce=sum > use every",
                "query sel=a window=transition agg=count > leave agg out",
                "query sel=a fn=ratee > did you mean rate?",
                "query sel=a fn=scale > wants a value behind a colon",
                "query sel=a fn=rate:5 > takes no value",
                "query sel=a fn=round:99 > from 0 to 15",
                "query sel=a fn=lag:0 > from 1 to 1000",
                "query sel=a fn=scale:x > wants a number",
                "query sel=a fn=debounce:x > is no duration",
                "query sel=a align=first > add every=1h",
                "query sel=a every=1d align=first agg=count > follows the calendar",
                "query sel=a every=1h align=last agg=count > none of epoch, first and offset:6h",
                "query sel=a every=1d align=offset:24h agg=count > not shorter than a day",
                "query sel=a every=1h align=first agg=count reduce=sum > add from",
                "query sel=a label=end agg=count > add every=1h",
                "query sel=a join=asof > wants with=",
                "query sel=a with=b > add join=asof",
                "query sel=a tolerance=1m > add join=asof",
                "query sel=a join=nearest with=b > wants tolerance",
                "query sel=a join=asof with=b:@h > capture it in both",
                "query sel=a join=inner with=b > none of asof, lt, nearest",
                "query sel=a join=asof with=** agg=count reduce=sum every=1h > leave reduce and plot out",
                "query sel=a top=5 > add agg=mean",
                "query sel=a top=5 bottom=5 agg=count > exclude each other",
                "query sel=a top=5 agg=share > write share:down",
                "query sel=a plot=lttb > none of lttb:500",
                "query sel=a plot=lttb:1 > from 2 to",
                "query sel=a plot=lttb:5 agg=mean > leave agg out",
                "query sel=a plot=runs:5 window=run > leave window out",
                "query sel=a agg=matrix,share > stands alone",
                "query sel=a agg=worst > worst:down|degraded|up",
                "query sel=a agg=flaps:1:5m > at least 2",
                "query sel=a agg=flaps:3:x > is no duration",
                "census sel=a agg=count > takes no agg",
                "census > or when="
            })
    void whatHasNoMeaningIsRefusedWithTheRemedy(String words, String message) {
        series.put(A, 0, Value.of(1L));
        series.put(SeriesKey.of(Path.parse("b")), 0, Value.of(1L));

        assertThatThrownBy(() -> run(words))
                .isInstanceOf(GoShareException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(((GoShareException) e).code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .satisfies(e -> assertThat(((GoShareException) e).field()).isNotNull());
        assertThat(series.open).isZero();
    }

    @Test
    void pagesAreOfOneSnapshotUntilItEnds() {
        for (int i = 0; i < 6; i++) {
            series.put(SeriesKey.of(Path.parse("s:" + i)), i, Value.of((long) i));
        }
        String first = cursor(run("query sel=s:* limit=2"));

        Reply second = run("query sel=s:* limit=2 cursor=" + first);

        assertThat(lines(second)).containsExactly("s:2 2 2", "s:3 3 3");
        assertThat(lines(run("query sel=s:* limit=2 cursor=" + first))).isEqualTo(lines(second));
        assertThat(series.open).isOne();
        assertThat(lines(run("query sel=s:* limit=2 cursor=" + cursor(second)))).containsExactly("s:4 4 4", "s:5 5 5");
        assertThat(series.open).isZero();
    }

    @Test
    void aSnapshotThatHasEndedTellsHowToGoOn() {
        for (int i = 0; i < 6; i++) {
            series.put(SeriesKey.of(Path.parse("s:" + i)), i, Value.of((long) i));
        }
        String first = cursor(run("query sel=s:* limit=2"));
        run("query sel=s:* limit=3");
        run("query sel=s:* limit=4"); // two may be held

        assertThatThrownBy(() -> run("query sel=s:* limit=2 cursor=" + first))
                .isInstanceOfSatisfying(GoShareException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CURSOR_EXPIRED);
                    String message = Objects.requireNonNull(e.getMessage());
                    String other = message.substring(message.lastIndexOf('=') + 1);
                    assertThat(lines(run("query sel=s:* limit=2 cursor=" + other)))
                            .containsExactly("s:2 2 2", "s:3 3 3");
                });
    }

    @Test
    void aSnapshotThatIsTooLargeIsNotHeld() {
        for (int i = 0; i < 1_001; i++) {
            series.put(SeriesKey.of(Path.parse("s:" + i)), i, Value.of((long) i));
        }

        String cursor = cursor(run("query sel=s:* limit=1"));

        assertThat(series.open).isZero();
        assertThat(lines(run("query sel=s:* limit=1 cursor=" + cursor))).containsExactly("s:1 1 1");
    }

    @Test
    void aSnapshotThatIsNotUsedEnds() {
        List<Runnable> later = new ArrayList<>();
        series.put(A, 0, Value.of(1L)).put(A, 1, Value.of(2L));
        Leases leases = new Leases(new Leases.Limits(2, 1_000, 0), later::add);
        Plan plan = Plan.of(command("query sel=a limit=1"), NOW);

        leases.put(
                Reading.open(
                        plan,
                        series,
                        new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>()),
                        new Budget(Budget.Limits.DEFAULT, Long.MAX_VALUE, () -> false)),
                0);

        assertThat(leases.size()).isOne();
        later.forEach(Runnable::run);
        assertThat(leases.size()).isZero();
    }

    private static String cursor(Reply reply) {
        return Objects.requireNonNull(reply.notes().get("cursor"));
    }

    @Test
    void aJoinThatFindsManyNamesThem() {
        series.put(A, 0, Value.of(1L));
        series.put(SeriesKey.of(Path.parse("b:x")), 0, Value.of(1L));
        series.put(SeriesKey.of(Path.parse("b:y")), 0, Value.of(1L));

        assertThatThrownBy(() -> run("query sel=a join=asof with=b:*")).hasMessageContaining("b:x and b:y");
        assertThat(lines(run("query sel=a join=asof with=none:*"))).containsExactly("a 0 1 null null null");
        assertThat(series.open).isZero();
    }

    @Test
    void budgetsNameTheirLimit() {
        for (int i = 0; i < 20; i++) {
            series.put(SeriesKey.of(Path.parse("s:" + i)), i * SECOND, Value.of((long) i));
            series.put(A, i * 3600L * SECOND, Value.of("x" + i));
        }
        Budget.Limits small = new Budget.Limits(10, 15, 12);

        assertBudget("query sel=s:*", small, "20 series, more than the limit of 10");
        assertBudget("query sel=a", small, "more than the limit of 15 points");
        assertBudget(
                "query sel=a from=0s to=36000s every=1s agg=transitions", small, "more than the limit of 12 windows");
        assertBudget(
                "query sel=a every=1ns from=0s to=43200s fill=null agg=count",
                Budget.Limits.DEFAULT,
                Budget.Limits.DEFAULT.rows() + " windows");
        assertBudget("query sel=a timeout=1ns", Budget.Limits.DEFAULT, "longer than timeout=1ns");
    }

    @Test
    void whatNobodyWaitsForEnds() {
        for (int i = 0; i < 20; i++) {
            series.put(SeriesKey.of(Path.parse("s:" + i)), i * SECOND, Value.of((long) i));
        }
        int[] asked = {0};

        assertThatThrownBy(() -> service.run(command("query sel=s:*"), () -> ++asked[0] > 5))
                .isInstanceOf(GoShareException.class)
                .hasMessageContaining("nobody waits");

        assertThat(asked[0]).isEqualTo(6);
        assertThat(series.open).isZero();
    }

    @Test
    void aPageHasSomeMegabytesAtMost() {
        String text = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            series.put(A, i * SECOND, Value.of(text + i));
        }

        for (String asked : List.of("query sel=a limit=1000", "query sel=a every=1s agg=last limit=1000")) {
            List<String> told = new ArrayList<>();
            Reply page = run(asked);
            told.addAll(lines(page));
            assertThat(told).hasSize(8);
            while (page.notes().containsKey("cursor")) {
                page = run(asked + " cursor=" + cursor(page));
                told.addAll(lines(page));
            }

            assertThat(told).hasSize(20).doesNotHaveDuplicates();
        }
    }

    @Test
    void aSmallLimitReadsLittle() {
        for (int i = 0; i < 10_000; i++) {
            series.put(A, i * SECOND, Value.of((long) i % 100));
        }
        Budget.Limits few = new Budget.Limits(10, 400, 1_000);

        assertThat(lines(run("query sel=a limit=2", few))).containsExactly("a 0 0", "a " + SECOND + " 1");
        assertThat(lines(run("query sel=a limit=1 order=desc", few))).containsExactly("a " + 9_999 * SECOND + " 99");
        assertThat(lines(run("query sel=a limit=1 offset=50", few))).containsExactly("a " + 50 * SECOND + " 50");
        assertThat(lines(run("query sel=a limit=1 where=eq:70", few))).containsExactly("a " + 70 * SECOND + " 70");
        assertThat(lines(run("query sel=a limit=2 where=changed", few))).hasSize(2);
    }

    private void assertBudget(String words, Budget.Limits limits, String message) {
        assertThatThrownBy(() -> run(words, limits))
                .isInstanceOf(GoShareException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(((GoShareException) e).code()).isEqualTo(ErrorCode.BUDGET));
        assertThat(series.open).isZero();
    }

    /** Pages of any size, put together, are the whole; also where the clock has gone on between them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "query sel=s:*",
                "query sel=s:* order=desc",
                "query sel=s:* where=changed",
                "query sel=s:* from=-1h",
                "query sel=s:* every=7m agg=mean,last",
                "query sel=s:* every=7m agg=mean order=desc",
                "query sel=s:* every=7m agg=max by=#1 reduce=sum",
                "query sel=s:* every=7m agg=duration",
                "query sel=s:* window=run",
                "states sel=s:*",
                "at sel=s:*"
            })
    void pagesMakeUpTheWhole(String words) {
        Random random = new Random(9);
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 40; j++) {
                series.put(SeriesKey.of(Path.parse("s:" + i)), NOW - random.nextInt(7200) * SECOND, Value.of((long)
                        random.nextInt(3)));
            }
        }
        List<String> whole = lines(run(words));
        assertThat(whole).hasSizeGreaterThan(5);

        for (int limit : new int[] {1, 3, 10, whole.size(), whole.size() + 1}) {
            List<String> pages = new ArrayList<>();
            String next = "";
            do {
                Reply page = run(words + " limit=" + limit + next);
                now += 60 * SECOND;
                assertThat(lines(page)).hasSizeLessThanOrEqualTo(limit);
                pages.addAll(lines(page));
                next = page.notes().containsKey("cursor")
                        ? " cursor=" + page.notes().get("cursor")
                        : "";
            } while (!next.isEmpty());
            now = NOW;

            assertThat(pages).as(words + " limit=" + limit).isEqualTo(whole);
        }
    }

    @Test
    void staleStatesAreUnknown() {
        series.put(A, NOW - 100 * SECOND, Value.of("up")).put(A, NOW - 50 * SECOND, Value.of("up"));
        series.staleAfter.put(A, 20 * SECOND);

        assertThat(lines(run("at sel=a"))).containsExactly("a " + (NOW - 50 * SECOND) + " null");
        assertThat(lines(run("at sel=a at=-31s"))).containsExactly("a " + (NOW - 50 * SECOND) + " up");
        assertThat(lines(run("query sel=a agg=duration,share,entries from=-90s")))
                .containsExactly(
                        "a " + (NOW - 90 * SECOND) + " up 30.0 1.0 0",
                        "a " + (NOW - 90 * SECOND) + " null 60.0 null null");
        assertThat(lines(run("states sel=a from=-60s")))
                .containsExactly(
                        "a null " + (NOW - 60 * SECOND) + " " + (NOW - 50 * SECOND) + " false",
                        "a up " + (NOW - 50 * SECOND) + " " + (NOW - 30 * SECOND) + " false",
                        "a null " + (NOW - 30 * SECOND) + " null true");
        assertThat(lines(run("states sel=a from=-60s where=eq:up"))).hasSize(1);
    }

    @Test
    void failuresAndRepairsAreTimed() {
        String[] states = {"up", "down", "up", "down", "up"};
        long[] ago = {100, 60, 50, 20, 10};
        for (int i = 0; i < states.length; i++) {
            series.put(A, NOW - ago[i] * SECOND, Value.of(states[i]));
        }

        assertThat(lines(run("query sel=a agg=uptime,mtbf,mttr,transitions")))
                .singleElement()
                .asString()
                .endsWith("0.8 40.0 10.0 4");
    }

    @Test
    void countersGrowThroughResets() {
        long[] values = {90, 100, 5, 15};
        for (int i = 0; i < values.length; i++) {
            series.put(A, NOW - (40 - 10 * i) * SECOND, Value.of(values[i]));
        }

        assertThat(lines(run("query sel=a from=-35s agg=increase,rate")))
                .singleElement()
                .asString()
                .endsWith(" 25 0.8333333333333334");
        assertThat(lines(run("query sel=a agg=increase")))
                .singleElement()
                .asString()
                .endsWith(" 25");
    }

    @Test
    void whatIsNoNumberBeforeTheRangeIsNotSkippedInIt() {
        series.put(A, NOW - 3 * SECOND, Value.of("lost"));
        series.put(A, NOW - 2 * SECOND, Value.of(3L)).put(A, NOW - SECOND, Value.of(7L));

        Reply reply = run("query sel=a from=-2500ms agg=increase");

        assertThat(lines(reply)).singleElement().asString().endsWith(" 4");
        assertThat(reply.notes()).doesNotContainKey("skipped");
    }

    @Test
    void sumsAreExact() {
        series.put(A, 1, Value.of(Long.MAX_VALUE))
                .put(A, 2, Value.of(Long.MAX_VALUE))
                .put(A, 3, Value.of(-Long.MAX_VALUE));
        SeriesKey floats = SeriesKey.of(Path.parse("f"));
        double[] terms = {1, 1e100, 1e-3, -1e100, 1e100, 1, -1e100};
        for (int i = 0; i < terms.length; i++) {
            series.put(floats, i, Value.of(terms[i]));
        }
        SeriesKey tenths = SeriesKey.of(Path.parse("t"));
        for (int i = 0; i < 10; i++) {
            series.put(tenths, i, Value.decimal(1, 1));
        }

        assertThat(lines(run("query sel=a agg=sum"))).containsExactly("a 1 " + Long.MAX_VALUE);
        assertThat(lines(run("query sel=f agg=sum"))).containsExactly("f 0 2.001");
        assertThat(lines(run("query sel=t agg=sum,mean,range"))).containsExactly("t 0 1.0 0.1 0.0");
    }

    @Test
    void valuesCompareAsTheStoredTypeDoes() {
        series.put(A, 1, Value.of(1L))
                .put(A, 2, Value.of(1.0))
                .put(A, 3, Value.of("1"))
                .put(A, 4, Value.of(true));
        series.put(A, 5, Value.of("true")).put(A, 6, Value.of("a,b;c"));

        assertThat(lines(run("query sel=a where=eq:1"))).hasSize(3);
        assertThat(lines(run("query sel=a where=eq:true"))).hasSize(2);
        assertThat(lines(run("query sel=a where=in:a\\,b\\;c,x"))).hasSize(1);
        assertThat(lines(run("query sel=a where=ge:1;re:0"))).containsExactly("a 2 1.0");
        assertThat(run("query sel=a where=ge:1").notes()).containsEntry("skipped", "4");
    }

    @Test
    void nothingFoundIsAnEmptyResult() {
        assertThat(lines(run("query sel=nobody"))).isEmpty();
        assertThat(lines(run("query sel=nobody agg=mean every=1m from=-1h fill=null")))
                .isEmpty();
        series.put(A, NOW, Value.of(1L));
        assertThat(lines(run("query sel=a from=-1h to=-1h"))).isEmpty();
        assertThat(lines(run("query sel=a from=+1h"))).isEmpty();
        assertThat(lines(run("states sel=a to=-1h"))).isEmpty();
        assertThat(lines(run("query sel=a range=latest_dot"))).containsExactly("a " + NOW + " 1");
        assertThat(lines(run("query sel=a agg=mean every=1m from=-2m to=-1m fill=const:7")))
                .hasSize(1);
    }

    @Test
    void windowsReachTheEndsOfTime() {
        series.put(A, Long.MIN_VALUE + 1, Value.of(1L)).put(A, Long.MAX_VALUE - 1, Value.of(2L));

        for (String every : List.of("1h", "7d", "1mo", "1y")) {
            assertThat(lines(run("query sel=a to=9223372036854775807ns agg=count every=" + every)))
                    .hasSize(2);
        }
        assertThat(lines(run("query sel=a to=9223372036854775807ns agg=count every=1h window=1d")))
                .hasSizeGreaterThan(2);
    }

    @Test
    void groupsByTagAndSegment() {
        for (int i = 0; i < 4; i++) {
            series.put(
                    SeriesKey.of(Path.parse("n:" + i + ":x"), Map.of("dc", i % 2 == 0 ? "eu" : "us")),
                    NOW,
                    Value.of((long) i));
        }

        assertThat(lines(run("query sel=n:*:x from=-1m agg=last by=tag:dc reduce=sum")))
                .containsExactly("eu " + (NOW - 60 * SECOND) + " 2", "us " + (NOW - 60 * SECOND) + " 4");
        assertThat(lines(run("query sel=n:*:x from=-1m agg=last by=#0,#9 reduce=mean")))
                .containsExactly("n null " + (NOW - 60 * SECOND) + " 1.5");
    }
}
