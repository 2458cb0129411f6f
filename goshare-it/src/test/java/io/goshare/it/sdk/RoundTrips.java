package io.goshare.it.sdk;

import io.goshare.client.GoShare;
import io.goshare.client.statement.AsyncKv;
import io.goshare.protocol.model.Value;
import io.goshare.server.GoShareServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Measures what the SDK costs beside the bare transports, on loopback, servers in a process of their own: one call at a
 * time, and 64 at once. A main, not a test: {@code RoundTrips}, which starts {@code RoundTrips serve}. Prints p50, p99
 * and calls a second of each.
 */
final class RoundTrips {
    private static final int WARM = 20_000;
    private static final int CALLS = 30_000;
    private static final int IN_FLIGHT = 64;
    private static final byte[] BODY = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);

    private RoundTrips() {}

    /** One thing to be timed. */
    interface Call {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            serve(Path.of(args[1]));
            return;
        }
        Path ports = Files.createTempFile("round-trips", ".ports");
        Process server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RoundTrips.class.getName(),
                        "serve",
                        ports.toString())
                .inheritIO()
                .start();
        try {
            CountDownLatch never = new CountDownLatch(1);
            while (Files.readString(ports).isEmpty() && server.isAlive()) {
                boolean unused = never.await(50, TimeUnit.MILLISECONDS);
            }
            String[] found = Files.readString(ports).strip().split(" ");
            measure(found);
        } finally {
            server.destroy();
        }
    }

    private static void serve(Path ports) throws Exception {
        GoShareServer goshare = GoShareServer.builder()
                .engine("memory")
                .httpPort(0)
                .zmqPorts(0, 0)
                .start();
        ZContext context = new ZContext();
        ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
        int echo = router.bindToRandomPort("tcp://127.0.0.1");
        Thread loop = new Thread(() -> echo(router), "echo");
        loop.setDaemon(true);
        loop.start();
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(
                    org.eclipse.jetty.server.Request request,
                    org.eclipse.jetty.server.Response response,
                    Callback callback) {
                Content.copy(request, response, callback);
                return true;
            }
        });
        jetty.start();
        Files.writeString(
                ports,
                goshare.httpPort() + " " + goshare.zmqPorts().get(0) + " " + echo + " " + connector.getLocalPort());
        Thread.currentThread().join();
    }

    private static void echo(ZMQ.Socket router) {
        while (true) {
            byte[] identity = router.recv();
            byte[] body = router.recv();
            router.sendMore(identity);
            router.send(body);
        }
    }

    private static void measure(String[] ports) throws Exception {
        double zmqEcho = zmqEcho(Integer.parseInt(ports[2]));
        double zmq = sdk("zmq get", "goshare:zmq://127.0.0.1:" + ports[1]);
        double httpEcho = httpEcho(Integer.parseInt(ports[3]));
        double http = sdk("http get", "goshare:http://127.0.0.1:" + ports[0]);
        double mem = sdk("mem get", "goshare:mem:round-trips");
        System.out.printf("zmq %.2f x echo, http %.2f x echo, mem p50 %.1f us%n", zmq / zmqEcho, http / httpEcho, mem);
    }

    private static double zmqEcho(int port) throws Exception {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
            dealer.connect("tcp://127.0.0.1:" + port);
            return one("zmq echo", () -> {
                dealer.send(BODY);
                dealer.recv();
            });
        }
    }

    private static double httpEcho(int port) throws Exception {
        OkHttpClient client = new OkHttpClient();
        Request request = new Request.Builder()
                .url("http://127.0.0.1:" + port + "/")
                .post(RequestBody.create(BODY))
                .build();
        return one("http echo", () -> {
            try (Response response = client.newCall(request).execute()) {
                response.body().bytes();
            }
        });
    }

    private static double sdk(String name, String url) throws Exception {
        try (GoShare db = GoShare.connect(url)) {
            db.kv().put("a", Value.of(new String(BODY, StandardCharsets.US_ASCII)));
            double p50 = one(name, () -> {
                Optional<Value> value = db.kv().get("a");
                if (value.isEmpty()) {
                    throw new IllegalStateException("the key is gone");
                }
            });
            many(name, db.kv().async());
            return p50;
        }
    }

    /** Median of a call in microseconds. */
    private static double one(String name, Call call) throws Exception {
        for (int i = 0; i < WARM; i++) {
            call.run();
        }
        long[] nanos = new long[CALLS];
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            call.run();
            nanos[i] = System.nanoTime() - start;
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "%-10s 1 at once   p50 %6.1f us  p99 %7.1f us  %8.0f/s%n",
                name, nanos[CALLS / 2] / 1e3, nanos[CALLS * 99 / 100] / 1e3, CALLS / seconds);
        return nanos[CALLS / 2] / 1e3;
    }

    private static void many(String name, AsyncKv kv) throws Exception {
        for (int round = 0; round < 2; round++) {
            Semaphore window = new Semaphore(IN_FLIGHT);
            int calls = 4 * CALLS;
            long began = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                window.acquire();
                var unused = kv.get("a").whenComplete((value, failure) -> window.release());
            }
            window.acquire(IN_FLIGHT);
            double seconds = (System.nanoTime() - began) / 1e9;
            if (round == 1) {
                System.out.printf("%-10s %d at once  %47.0f/s%n", name, IN_FLIGHT, calls / seconds);
            }
        }
    }
}
