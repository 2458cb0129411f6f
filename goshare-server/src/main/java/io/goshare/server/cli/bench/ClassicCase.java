package io.goshare.server.cli.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The requests of the first GoShare that are measured, in this order: what is read was put by the case before. */
enum ClassicCase {
    DEFAULT_PUT("push", "default"),
    DEFAULT_GET("read", "default"),
    NS_PUT("push", "ns"),
    TSDS_PUT("push", "tsds"),
    TSDS_GET("read", "tsds"),
    TSDS_CSV_PUT("push", "tsds-csv");

    /** Series of the cases of points; each gets one point a second. */
    static final int SERIES = 100;

    private static final LocalDateTime START = LocalDateTime.of(2014, 7, 1, 0, 0, 0);

    private final String action;
    private final String type;

    ClassicCase(String action, String type) {
        this.action = action;
        this.type = type;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Keys or points in one request. */
    int points() {
        return this == TSDS_CSV_PUT ? SERIES : 1;
    }

    /** Request {@code i}; {@code run} keeps the keys of one run from those of another. */
    byte[] request(Endpoint endpoint, String run, int i) {
        return endpoint.zeroMq()
                ? ZeroMqClient.message(Endpoint.ascii(words(run, i)))
                : this == TSDS_CSV_PUT ? form(endpoint, run, i) : endpoint.get(target(run, i));
    }

    /** The whole reply to request {@code i}. */
    String reply(boolean zeroMq, String run, int i) {
        return switch (this) {
            case DEFAULT_GET -> key(run, i) + "," + value(i);
            case TSDS_GET -> key(run, i) + ":0," + value(i);
            default -> zeroMq ? "" : "Success";
        };
    }

    private String words(String run, int i) {
        return switch (this) {
            case DEFAULT_GET, TSDS_GET -> action + " " + type + " " + key(run, i);
            case TSDS_PUT -> action + " " + type + " " + time(i / SERIES, " ") + " " + key(run, i) + " " + value(i);
            case TSDS_CSV_PUT -> action + " " + type + " " + time(i, " ") + " " + rows(run, i, " ");
            default -> action + " " + type + " " + key(run, i) + " " + value(i);
        };
    }

    private String target(String run, int i) {
        return switch (this) {
            case DEFAULT_GET, TSDS_GET -> "/get?type=" + type + "&key=" + key(run, i);
            case TSDS_PUT -> "/put?type=" + type + "&key=" + key(run, i) + "&val=" + value(i) + fields(i / SERIES);
            default -> "/put?type=" + type + "&key=" + key(run, i) + "&val=" + value(i);
        };
    }

    private byte[] form(Endpoint endpoint, String run, int i) {
        String data = URLEncoder.encode(rows(run, i, "\n"), StandardCharsets.UTF_8);
        String body = "type=" + type + fields(i) + "&dbdata=" + data;
        return endpoint.post("/db", "application/x-www-form-urlencoded", Endpoint.ascii(body));
    }

    private String rows(String run, int i, String joint) {
        return IntStream.range(0, SERIES)
                .mapToObj(series -> series(run, series) + "," + value(i * SERIES + series))
                .collect(Collectors.joining(joint));
    }

    private String key(String run, int i) {
        return switch (this) {
            case DEFAULT_PUT, DEFAULT_GET -> run + "key" + i;
            case NS_PUT -> run + ":group" + i % SERIES + ":item" + i;
            case TSDS_GET -> series(run, i % SERIES) + ":" + time(i / SERIES, ":");
            default -> series(run, i % SERIES);
        };
    }

    private String series(String run, int series) {
        return run + (this == TSDS_CSV_PUT ? "csv" : "") + ":n" + series + ":load";
    }

    private static String value(int i) {
        return i % 100 / 10 + "." + i % 10 + (1 + i % 9);
    }

    private static String time(int second, String joint) {
        LocalDateTime time = START.plusSeconds(second);
        return IntStream.of(
                        time.getYear(),
                        time.getMonthValue(),
                        time.getDayOfMonth(),
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(joint));
    }

    private static String fields(int second) {
        String[] parts = time(second, " ").split(" ", -1);
        return "&year=" + parts[0] + "&month=" + parts[1] + "&day=" + parts[2] + "&hour=" + parts[3] + "&min="
                + parts[4] + "&sec=" + parts[5];
    }
}
