package io.goshare.it.bench;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.protocol.column.ColumnCodec;
import io.goshare.protocol.column.PointColumns;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.PointBatch;
import java.util.Arrays;
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

/** Time to encode and to decode a point of a chunk of 1,000; the setup prints its size. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ColumnCodecBenchmark {
    private static final int POINTS = 1_000;

    /** Shapes of values. */
    public enum Shape {
        WALK(0),
        DECIMALS(2),
        COUNTER(0);

        private final int scale;

        Shape(int scale) {
            this.scale = scale;
        }

        private long next(long before, Random random) {
            return switch (this) {
                case WALK -> Math.min(100, Math.max(0, before + Math.round(random.nextGaussian())));
                case DECIMALS -> Math.min(10_000, Math.max(0, before + Math.round(100 * random.nextGaussian())));
                case COUNTER -> before + random.nextInt(1_501);
            };
        }
    }

    @Param
    public Shape shape;

    private final long[] times = new long[POINTS];
    private final byte[] tags = new byte[POINTS];
    private final long[] words = new long[POINTS];
    private final ColumnCodec codec = new ColumnCodec();
    private final ByteSink sink = new ByteSink(16 * POINTS);
    private final PointColumns columns = new PointColumns();
    private byte[] chunk = {};

    @Setup
    public void fill() {
        Random random = new Random(1);
        Arrays.fill(tags, PointBatch.tag(shape == Shape.DECIMALS ? Kind.DECIMAL : Kind.INTEGER, shape.scale));
        for (int i = 0; i < POINTS; i++) {
            times[i] = (1_451_606_400L + 10L * i) * 1_000_000_000L;
            words[i] = shape.next(i == 0 ? 50 : words[i - 1], random);
        }
        chunk = encode().toByteArray();
        System.out.println("# " + (double) chunk.length / POINTS + " bytes a point");
    }

    @Benchmark
    @OperationsPerInvocation(POINTS)
    public ByteSink encode() {
        sink.truncate(0);
        codec.encode(times, tags, words, new byte[0], 0, POINTS, sink);
        return sink;
    }

    @Benchmark
    @OperationsPerInvocation(POINTS)
    public PointColumns decode() {
        codec.decode(new ByteSource(chunk, 0, chunk.length), columns);
        return columns;
    }
}
