package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Table;
import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("encoding:capnp")
class CapnpFormatTest extends FormatContract {
    private static final String SCHEMA = "../docs/schema/goshare.capnp";

    @TempDir
    java.nio.file.Path directory;

    CapnpFormatTest() {
        super(Format.CAPNP);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** Words in hex, least byte first. */
    private static String words(byte[] bytes) {
        StringBuilder words = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 8) {
            words.append(at == 0 ? "" : " ").append(HexFormat.of().formatHex(bytes, at, at + 8));
        }
        return words.toString();
    }

    private static PointBatch point() {
        return new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a:b"), Map.of("c", "d")), 5, Value.of(1L))
                .build();
    }

    @Test
    void bytesAreAsPublished() {
        assertThat(words(Formats.writeValue(Value.of(true), Format.CAPNP)))
                .isEqualTo(
                        "0000000006000000" // one segment of six words
                                + " 0000000001000100" // the root: a word and a pointer, right behind
                                + " 0200000000000000" // a value
                                + " 0000000002000100" // two words and a pointer
                                + " 0300000000000000 0100000000000000 0000000000000000");
        assertThat(words(Formats.writePoints(point(), Format.CAPNP, WriteOptions.COLUMNS)))
                .isEqualTo("0000000013000000"
                        + " 0000000001000100"
                        + " 0000000000000000 0000000000000200"
                        + " 050000002f000000 0000000000000000"
                        + " 0400000001000400"
                        + " 0200000000000000"
                        + " 0d0000001a000000 0d00000017000000"
                        + " 1d0000000d000000 1d0000000d000000"
                        + " 613a620000000000"
                        + " 0400000000000200 050000000a000000 050000000a000000"
                        + " 6300000000000000 6400000000000000"
                        + " 0500000000000000 0100000000000000");
    }

    @Test
    void thePublishedSchemaReadsAndWritesEveryBody() throws Exception {
        assumeTool();
        for (WriteOptions shape : List.of(WriteOptions.DEFAULT, WriteOptions.COLUMNS)) {
            byte[] again = throughTool(Formats.writePoints(everything(), Format.CAPNP, shape));
            assertThat(bySeries(readPoints(again))).isEqualTo(bySeries(asPrinted(everything())));
        }
        Table table = Table.of("key", "time", "other");
        values().forEach(value -> table.add(value, Value.of(NOON), null));
        byte[] again = throughTool(Formats.writeTable(table, Format.CAPNP, WriteOptions.DEFAULT));
        Table back = Formats.readTable(Format.CAPNP, again, 0, again.length, TimeUnit.NANOSECONDS);
        assertThat(back.columns()).isEqualTo(table.columns());
        for (int row = 0; row < table.rows().size(); row++) {
            assertThat(back.rows().get(row)[0]).isEqualTo(asPrinted(table.rows().get(row)[0]));
        }
        byte[] value = throughTool(Formats.writeValue(Value.of("up"), Format.CAPNP));
        assertThat(Formats.readValue(Format.CAPNP, value, 0, value.length)).isEqualTo(Value.of("up"));
    }

    @Test
    void theToolReadsFieldsByName() throws Exception {
        assumeTool();
        String text = new String(
                tool("decode", Formats.writePoints(point(), Format.CAPNP, WriteOptions.DEFAULT)),
                StandardCharsets.UTF_8);

        assertThat(text.replaceAll("\\s+", " "))
                .contains("path = \"a:b\"", "name = \"c\", value = \"d\"", "time = 5", "value = (integer = 1)");
    }

    @Test
    void theToolWritesWhatIsRead() throws Exception {
        assumeTool();
        byte[] body = tool(
                "encode",
                ("(points = (series = [(path = \"s:x\", times = [1, 2], booleans = [true, false])],"
                                + " rows = [(path = \"r\", value = (blob = 0x\"00 ff\"))]))")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(rows(readPoints(body))).containsExactly("s:x 1 b true", "s:x 2 b false", "r - x AP8=");
    }

    /** The tool prints every NaN as nan, and reads -0 as 0. */
    private static Value asPrinted(Value value) {
        if (value.kind().letter() != 'f') {
            return value;
        }
        double number = value.asDouble();
        return Double.isNaN(number) ? Value.of(Double.NaN) : number == 0 ? Value.of(0.0) : value;
    }

    private static PointBatch asPrinted(PointBatch batch) {
        PointBatch.Builder builder = new PointBatch.Builder();
        for (int row = 0; row < batch.rows(); row++) {
            builder.add(batch.key(batch.series()[row]), batch.times()[row], asPrinted(batch.value(row)));
        }
        return builder.build();
    }

    private static void assumeTool() {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> new File(each, "capnp").canExecute());
        if (!there) {
            System.out.println("capnp is not installed: goshare.capnp is not cross-checked");
        }
        assumeTrue(there, "capnp is installed");
    }

    private byte[] throughTool(byte[] body) throws IOException, InterruptedException {
        return tool("encode", tool("decode", body));
    }

    private byte[] tool(String verb, byte[] input) throws IOException, InterruptedException {
        java.nio.file.Path in = Files.write(directory.resolve("in"), input);
        java.nio.file.Path out = directory.resolve("out");
        java.nio.file.Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder("capnp", verb, SCHEMA, "Body")
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return Files.readAllBytes(out);
    }

    @Test
    void segmentsAreFollowedThroughFarPointers() {
        // Segment 0: the root, far into segment 1. Segment 1: a landing pad, a Body whose value is far by two words.
        // Segment 2: far to segment 3 and the tag. Segment 3: a Value, integer 7.
        byte[] body = hex("03000000 01000000 03000000 02000000 03000000 00000000"
                + "0200000001000000"
                + "0000000001000100 0200000000000000 0600000002000000"
                + "0200000003000000 0000000002000100"
                + "0200000000000000 0700000000000000 0000000000000000");

        assertThat(Formats.readValue(Format.CAPNP, body, 0, body.length)).isEqualTo(Value.of(7L));
    }

    @Test
    void wrongPointersAreRefused() {
        List<String> bodies = new ArrayList<>(List.of(
                "",
                "00000000",
                "00000000 00000000",
                "00000000 01000000 0000000001000100", // the root points behind the end
                "00000000 01000000 fcffffff01000000 ", // at itself, a value's place holding no member it should
                "00000000 01000000 0200000000000000", // far to itself
                "00000000 01000000 0200000005000000", // far to a segment that is not there
                "00000000 01000000 0300000000000000", // a capability
                "00000000 01000000 0100000002000000", // a list
                "ffffffff 01000000 0000000000000000",
                "00000000 ffffffff 0000000000000000",
                "00000000 01000000 0000000000000000 0000000000000000"));
        bodies.add("00000000 04000000 0000000001000100 0100000000000000 0000000000000100 0000000000000000");
        for (String body : bodies) {
            assertThatThrownBy(() -> Formats.readValue(Format.CAPNP, hex(body), 0, hex(body).length), body)
                    .isInstanceOfSatisfying(
                            GoShareException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }

    /** Many rows that share one text: each word is small, all of them would be large. */
    @Test
    void sharedObjectsAreBounded() {
        CapnpOutput out = new CapnpOutput();
        int root = out.allocate(1);
        int body = out.struct(root, 1, 1);
        int points = out.struct(body + 8, 0, 2);
        int series = out.structs(points, 1, 1, 4);
        out.data(series + 8, new byte[] {'a'});
        out.putWord(series, 4);
        int texts = out.pointers(series + 32, 1000);
        out.data(texts + 999 * 8, new byte[100_000]);
        int text = texts + 1000 * 8;
        for (int i = 0; i < 999; i++) {
            int pointer = texts + i * 8;
            out.putWord(pointer, ((text - pointer) / 8 - 1L) << 2 | 1 | (long) CapnpOutput.BYTE << 32 | 100_000L << 35);
        }
        ByteSink message = new ByteSink();
        out.to(message);

        assertThatThrownBy(() -> readPoints(message.toByteArray())).hasMessageContaining("again and again");
    }

    /** A list of structs that have no words may say any number of them. */
    @Test
    void emptyStructsAreBounded() {
        // Points, whose rows are a list of 2^29 - 1 structs.
        byte[] body = hex("00000000 06000000 0000000001000100 0000000000000000 0000000000000200"
                + "0000000000000000 0100000007000000 fcffff7f00000000");

        assertThatThrownBy(() -> readPoints(body)).hasMessageContaining("again and again");
    }
}
