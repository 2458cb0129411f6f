package io.goshare.server.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.goshare.server.cli.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of a few lines that keeps lines and answers the last value, and, if told to, lies. */
final class BenchTest {
    private static final String[] SMALL = {"--hosts", "4", "--metrics", "2", "--steps", "30", "--settle", "1ms"};

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Map<String, String> lines = new ConcurrentSkipListMap<>();
    private HttpServer server;
    private String lie = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/write", exchange -> {
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                    .lines()
                    .forEach(line -> lines.put(
                            line.substring(0, line.indexOf(' ')) + line.substring(line.lastIndexOf(' ')), line));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/full", exchange -> answer(exchange, 507, "the disk is full"));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private int bench(String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(SMALL));
        all.addAll(List.of(args));
        return Bench.run(all, new PrintStream(printed, true, UTF_8));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void writesEachPointOnceAndTellsWhatItCost() throws Exception {
        int code = bench("--mode", "write", "--url", url(), "--batch", "10", "--connections", "3");

        assertThat(code).isZero();
        assertThat(lines).hasSize(4 * 30);
        assertThat(printed.toString(UTF_8))
                .contains("= 240 points")
                .containsPattern("all +[0-9,]+ +[0-9.]+ ")
                .contains("settled: CPU s/M ");
    }

    @Test
    void endsWithTheServersWordsWhenItRefuses() {
        assertThatThrownBy(() -> bench("--mode", "write", "--url", url() + "/full"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("507: the disk is full");
    }

    @Test
    void holdsAnswersAgainstTheModel() throws Exception {
        Workload workload = new Setup(List.of(SMALL), System.out).workload();
        server.createContext("/api/v1/at", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            String metric = query.replaceFirst(".*cpu:(\\w+)\\{.*", "$1");
            int host = Integer.parseInt(query.replaceFirst(".*host=\"host_(\\d)\".*", "$1"));
            long value = workload.model(host, metric.equals("usage_user") ? 0 : 1)[29];
            answer(
                    exchange,
                    200,
                    "path,host,time,value,type\ncpu:" + metric + ",host_" + host + "," + workload.time(29) + "," + value
                            + lie + ",i\n");
        });
        server.createContext("/api/v1/query", exchange -> answer(exchange, 200, "path,host,time,value,type\n"));

        assertThatThrownBy(() -> bench("--mode", "query", "--url", url(), "--requests", "5"))
                .as("last values are right, then raw ones are missing")
                .hasMessageContaining("no answer for 30 of 30");

        lie = "1";
        assertThatThrownBy(() -> bench("--mode", "query", "--url", url(), "--requests", "5"))
                .hasMessageMatching("(?s)/api/v1/at.*is \\d+1 instead of \\d+");
    }

    @Test
    void wrongOptionsAreToldWhatToTypeInstead() {
        assertThatThrownBy(() -> bench("--values", "noise"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("walk, decimals, counters, states");
        assertThatThrownBy(() -> bench("--mode", "read")).hasMessageContaining("write, query, classic");
        assertThatThrownBy(() -> bench("--url", "localhost")).hasMessageContaining("http://127.0.0.1:9999");
        assertThatThrownBy(() -> bench("--batch", "0")).hasMessageContaining("from 1");
    }

    @Test
    void findsTheProcessThatListens() throws Exception {
        assertThat(ServerProbe.listener(server.getAddress().getPort()))
                .hasValue(ProcessHandle.current().pid());
    }
}
