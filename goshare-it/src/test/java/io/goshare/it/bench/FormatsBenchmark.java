package io.goshare.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.goshare.protocol.Format;
import io.goshare.protocol.format.Formats;
import io.goshare.protocol.format.PointOptions;
import io.goshare.protocol.model.PointBatch;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to read a point from a body of 10,000: 50 hosts x 10 metrics x 20 steps. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FormatsBenchmark {
    private static final int POINTS = 10_000;
    private static final int HOSTS = 50;
    private static final int METRICS = 10;
    private static final long START = 1_451_606_400L;

    /** Formats of bodies. */
    @Param({"LP", "CSV"})
    public Format format;

    private byte[] body = {};

    @Setup
    public void write() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int step = 0; step < POINTS / HOSTS / METRICS; step++) {
            long time = (START + 10L * step) * 1_000_000_000L;
            for (int host = 0; host < HOSTS; host++) {
                text.append(format == Format.LP ? "cpu,host=host_" + host : "");
                for (int metric = 0; metric < METRICS; metric++) {
                    int value = random.nextInt(100);
                    if (format == Format.LP) {
                        text.append(metric == 0 ? ' ' : ',').append("usage_").append(metric);
                        text.append('=').append(value).append('i');
                    } else {
                        text.append("cpu:usage_")
                                .append(metric)
                                .append("{host=host_")
                                .append(host);
                        text.append("},").append(value).append(',').append(time).append(",i\n");
                    }
                }
                text.append(format == Format.LP ? " " + time + "\n" : "");
            }
        }
        body = text.toString().getBytes(UTF_8);
        if (read().rows() != POINTS) {
            throw new IllegalStateException("the body holds " + read().rows() + " points");
        }
    }

    @Benchmark
    @OperationsPerInvocation(POINTS)
    public PointBatch read() {
        return Formats.readPoints(format, body, 0, body.length, PointOptions.DEFAULT);
    }
}
