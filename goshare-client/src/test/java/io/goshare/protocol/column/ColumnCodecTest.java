package io.goshare.protocol.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.column.IntegerCodec.Effort;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColumnCodecTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void layoutIsWhatIsOnDisks() {
        PointBatch batch = batch(List.of(Value.of(5L), Value.of(5L), Value.of(7L)));

        assertThat(HexFormat.of().formatHex(encoded(batch, Effort.SMALL)))
                .isEqualTo("03" + "90" + "80c49fd50c" + "14" + "01" + "02" + "00" + "1a" + "0a" + "02" + "0001");
    }

    @ParameterizedTest
    @EnumSource(Effort.class)
    void everyValueComesBack(Effort effort) {
        Random random = new Random(7);
        for (int round = 0; round < 400; round++) {
            int n = random.nextInt(random.nextInt(8) == 0 ? 3000 : 40);
            List<Value> values = new ArrayList<>();
            Shape[] shapes = Shape.values();
            Shape shape = shapes[random.nextInt(shapes.length)];
            boolean mixed = random.nextInt(4) == 0;
            for (int i = 0; i < n; i++) {
                values.add((mixed && random.nextInt(3) == 0 ? shapes[random.nextInt(shapes.length)] : shape)
                        .next(random, i));
            }

            check(batch(values, times(random, n)), effort);
        }
    }

    @ParameterizedTest
    @EnumSource(Effort.class)
    void everyClassOfDoubleComesBack(Effort effort) {
        double[] special = {
            0.0,
            -0.0,
            1,
            -1,
            0.1,
            0.3,
            58.25,
            1e15,
            1e16,
            123456789012345.0,
            1e22,
            9.999999999999999e22,
            Math.PI,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            -Double.MIN_NORMAL / 3,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.longBitsToDouble(0x7ff4_0000_dead_beefL),
            Double.longBitsToDouble(0xfff8_0000_0000_0001L)
        };
        for (double one : special) {
            for (double other : special) {
                List<Value> values = new ArrayList<>();
                for (int i = 0; i < 70; i++) {
                    values.add(Value.of(i % 40 == 7 ? other : one));
                }
                check(batch(values), effort);
            }
        }
    }

    @Test
    void extremesOfInt64ComeBack() {
        long[] extremes = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1, Long.MIN_VALUE + 1, 1L << 53, -(1L << 62)};
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            values.add(Value.of(extremes[i * 7 % 8 ^ i / 8]));
        }
        long[] times = values.stream().mapToLong(Value::word).toArray();

        for (Effort effort : Effort.values()) {
            check(batch(values, times), effort);
        }
    }

    @Test
    void aDecimalKeepsItsDigitsBesideOthers() {
        check(batch(List.of(Value.decimal(50, 2), Value.decimal(5, 1), Value.of(1L), Value.of(0.5))), Effort.SMALL);
        check(batch(List.of(Value.decimal(1, 18), Value.of(Long.MAX_VALUE))), Effort.SMALL);
    }

    @Test
    void smallestFormsAreWhatTheyShouldBe() {
        assertThat(bytesPerPoint(Shape.WALK)).isLessThan(0.30);
        assertThat(bytesPerPoint(Shape.TWO_DECIMALS)).isLessThan(1.12);
        assertThat(bytesPerPoint(Shape.SHORT_DOUBLE)).isLessThan(1.13);
        assertThat(bytesPerPoint(Shape.COUNTER)).isLessThan(1.40);
        assertThat(bytesPerPoint(Shape.MOSTLY_CONSTANT)).isLessThan(0.08);
        assertThat(bytesPerPoint(Shape.STATE)).isLessThan(0.09);
        assertThat(bytesPerPoint(Shape.FLAG)).isLessThan(0.08);
    }

    @Test
    void timesAloneAreTheSame() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            int n = random.nextInt(500);
            long[] times = times(random, n);
            PointColumns out = new PointColumns();
            byte[] bytes = encoded(batch(Shape.WALK.many(random, n), times), Effort.SMALL);

            new ColumnCodec().decodeTimes(bytes, 0, bytes.length, out);

            assertThat(out.count()).isEqualTo(n);
            assertThat(Arrays.copyOf(out.times(), n)).isEqualTo(times);
        }
    }

    @Test
    void timesOfSeriesThatWereSampledAtOnceAreToldOnce() {
        long[] jittered = {START, START + 7, START + SECOND + 3, START + 2 * SECOND};
        long[] regular = {START, START + SECOND, START + 2 * SECOND};
        for (long[] cycle : List.of(jittered, regular)) {
            for (int n : new int[] {2 * cycle.length, 1000, 1001}) {
                long[] times = new long[n];
                for (int i = 0; i < n; i++) {
                    times[i] = cycle[i % cycle.length];
                }
                PointBatch batch = batch(Collections.nCopies(n, Value.of(1L)), times);

                check(batch, Effort.CHEAP);
                assertThat(encoded(batch, Effort.CHEAP)).hasSizeLessThan(40);
            }
        }
    }

    @Test
    void timesThatAlmostCycleComeBack() {
        for (int odd = 0; odd < 12; odd++) {
            long[] times = new long[12];
            for (int i = 0; i < times.length; i++) {
                times[i] = START + i % 4 * SECOND + (i == odd ? 1 : 0);
            }
            check(batch(Collections.nCopies(12, Value.of(1L)), times), Effort.CHEAP);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        Random random = new Random(5);
        for (Shape shape : Shape.values()) {
            for (Effort effort : Effort.values()) {
                byte[] bytes = encoded(batch(shape.many(random, 150), times(random, 150)), effort);
                for (int length = 0; length < bytes.length; length++) {
                    byte[] cut = Arrays.copyOf(bytes, length);
                    assertThatThrownBy(() -> decode(cut))
                            .as("%s %s cut to %d of %d", shape, effort, cut.length, bytes.length)
                            .isInstanceOf(CorruptColumnException.class);
                }
            }
        }
    }

    @Test
    void changedBytesAreRefusedOrReadButNothingElse() {
        Random random = new Random(11);
        for (int round = 0; round < 30_000; round++) {
            Shape shape = Shape.values()[round % Shape.values().length];
            byte[] bytes = encoded(
                    batch(shape.many(random, 60), times(random, 60)), round % 2 == 0 ? Effort.SMALL : Effort.CHEAP);
            for (int i = 0; i <= random.nextInt(3); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            PointColumns out = new PointColumns(1000, 100_000);
            try {
                new ColumnCodec().decode(bytes, 0, bytes.length, out);
            } catch (CorruptColumnException e) {
                assertThat(e).hasMessageMatching("(?s).+");
                continue;
            }
            for (int i = 0; i < out.count(); i++) {
                byte tag = out.tags()[i];
                if (PointBatch.kind(tag).isBytes()) {
                    long end = (out.words()[i] >>> 32) + (int) out.words()[i];
                    assertThat(end).isLessThanOrEqualTo(out.heap().length);
                }
            }
        }
    }

    @Test
    void claimsAreHeldAgainstLimitsBeforeRoomIsMade() {
        ByteSink claim = new ByteSink();
        claim.putVarint(1L << 31).put(0).putZigZag(0).putZigZag(1);

        assertThatThrownBy(() -> decode(claim.toByteArray()))
                .isInstanceOf(CorruptColumnException.class)
                .hasMessageContaining("2147483648 where 1048576 is the most");

        byte[] text = encoded(batch(List.of(Value.of("x".repeat(2000)))), Effort.SMALL);
        assertThatThrownBy(() -> new ColumnCodec().decode(text, 0, text.length, new PointColumns(10, 1999)))
                .isInstanceOf(CorruptColumnException.class)
                .hasMessageContaining("more than 1999 bytes");
    }

    private static double bytesPerPoint(Shape shape) {
        Random random = new Random(1);
        long bytes = 0;
        for (int chunk = 0; chunk < 50; chunk++) {
            bytes += encoded(batch(shape.many(random, 1000)), Effort.SMALL).length;
        }
        System.out.printf("%-16s %.3f bytes/point%n", shape, bytes / 50_000.0);
        return bytes / 50_000.0;
    }

    private static void check(PointBatch batch, Effort effort) {
        int n = batch.rows();
        byte[] bytes = encoded(batch, effort);

        PointColumns out = decode(bytes);

        assertThat(out.count()).isEqualTo(n);
        assertThat(Arrays.copyOf(out.times(), n)).isEqualTo(Arrays.copyOf(batch.times(), n));
        assertThat(Arrays.copyOf(out.tags(), n)).isEqualTo(Arrays.copyOf(batch.tags(), n));
        for (int i = 0; i < n; i++) {
            if (PointBatch.kind(batch.tags()[i]).isBytes()) {
                assertThat(slice(out.heap(), out.words()[i])).isEqualTo(slice(batch.heap(), batch.words()[i]));
            } else {
                assertThat(out.words()[i]).isEqualTo(batch.words()[i]);
            }
        }
    }

    private static byte[] slice(byte[] heap, long word) {
        int offset = (int) (word >>> 32);
        return Arrays.copyOfRange(heap, offset, offset + (int) word);
    }

    private static byte[] encoded(PointBatch batch, Effort effort) {
        ByteSink out = new ByteSink();
        new ColumnCodec(effort).encode(batch.times(), batch.tags(), batch.words(), batch.heap(), 0, batch.rows(), out);
        return out.toByteArray();
    }

    private static PointColumns decode(byte[] bytes) {
        PointColumns out = new PointColumns();
        new ColumnCodec().decode(bytes, 0, bytes.length, out);
        return out;
    }

    private static PointBatch batch(List<Value> values) {
        long[] times = new long[values.size()];
        Arrays.setAll(times, i -> START + i * 10L * SECOND);
        return batch(values, times);
    }

    private static PointBatch batch(List<Value> values, long[] times) {
        PointBatch.Builder builder = new PointBatch.Builder();
        for (int i = 0; i < values.size(); i++) {
            builder.add(0, times[i], values.get(i));
        }
        return builder.build();
    }

    private static long[] times(Random random, int n) {
        long[] times = new long[n];
        int manner = random.nextInt(5);
        for (int i = 0; i < n; i++) {
            times[i] = switch (manner) {
                case 0 -> START + i * 10L * SECOND;
                case 1 -> START + i * 10L * SECOND + random.nextInt(20) * 1_000_000L;
                case 2 -> START + (i + i / 17L) * 10 * SECOND;
                case 3 -> random.nextLong();
                default -> -i * 3L;
            };
        }
        return times;
    }

    /** Ways in which values follow one another. */
    enum Shape {
        WALK,
        TWO_DECIMALS,
        SHORT_DOUBLE,
        FULL_DOUBLE,
        ANY_DOUBLE,
        COUNTER,
        MOSTLY_CONSTANT,
        ANY_INTEGER,
        FLAG,
        STATE,
        UNIQUE_TEXT,
        ANY_BYTES;

        private double level = 50;

        List<Value> many(Random random, int n) {
            List<Value> values = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                values.add(next(random, i));
            }
            return values;
        }

        Value next(Random random, int i) {
            level = Math.max(0, Math.min(100, level + random.nextGaussian()));
            return switch (this) {
                case WALK -> Value.of((long) Math.floor(level));
                case TWO_DECIMALS -> Value.decimal((long) Math.floor(level * 100), 2);
                case SHORT_DOUBLE -> Value.of(Math.floor(level * 100) / 100);
                case FULL_DOUBLE -> Value.of(level);
                case ANY_DOUBLE -> Value.of(Double.longBitsToDouble(random.nextLong()));
                case COUNTER -> Value.of(i * 750L + random.nextInt(751));
                case MOSTLY_CONSTANT -> Value.of(i / 50 * 37L % 100);
                case ANY_INTEGER -> Value.of(random.nextLong() >> random.nextInt(64));
                case FLAG -> Value.of(i / 50 % 2 == 0);
                case STATE -> Value.of(List.of("up", "down", "degraded", "").get(i / 50 * 7 % 4));
                case UNIQUE_TEXT -> Value.of("job " + i + " finished after " + random.nextInt(1000) + " ms");
                case ANY_BYTES -> {
                    byte[] bytes = new byte[random.nextInt(6)];
                    random.nextBytes(bytes);
                    yield Value.of(bytes);
                }
            };
        }
    }
}
