package io.goshare.it.durability;

import io.goshare.client.transport.Transport;
import io.goshare.client.transport.http.HttpTransport;
import io.goshare.client.transport.zeromq.ZeroMqTransport;
import io.goshare.server.GoShareServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** {@link ClockContract} in this process, by a clock that stands still but for its jumps. */
final class ClockJumpIT extends ClockContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final JumpingClock clock = new JumpingClock();
    private GoShareServer server;

    private static final class JumpingClock extends Clock {
        private volatile Instant now = Instant.parse("2026-07-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Override
    protected void start() {
        server = GoShareServer.builder()
                .data(directory.resolve("data"))
                .clock(clock)
                .httpPort(0)
                .zmqPorts(0)
                .start();
    }

    @AfterEach
    @Override
    protected void stop() {
        server.close();
    }

    @Override
    protected Transport connect(String door) {
        return door.equals("http")
                ? new HttpTransport("127.0.0.1:" + server.httpPort(), Optional.empty(), TIMEOUT)
                : new ZeroMqTransport("127.0.0.1:" + server.zmqPorts().get(0), Optional.empty(), TIMEOUT);
    }

    @Override
    protected void jump(Duration by) {
        clock.now = clock.now.plus(by);
    }
}
