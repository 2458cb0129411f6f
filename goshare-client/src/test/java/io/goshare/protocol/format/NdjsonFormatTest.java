package io.goshare.protocol.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Format;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("encoding:ndjson")
class NdjsonFormatTest extends FormatContract {
    NdjsonFormatTest() {
        super(Format.NDJSON);
    }

    @Override
    boolean keepsBrokenText() {
        return false;
    }

    @Test
    void eachEntryIsALine() {
        PointBatch batch = new PointBatch.Builder()
                .add(SeriesKey.of(Path.parse("a")), NOON, Value.of(1L))
                .add(SeriesKey.of(Path.parse("a")), NOON + 1, Value.of(2L))
                .build();

        assertThat(Text.decode(Formats.writePoints(batch, Format.NDJSON, WriteOptions.DEFAULT)))
                .isEqualTo("""
                        {"path":"a","time":1404216000000000000,"value":1}
                        {"path":"a","time":1404216000000000001,"value":2}
                        """);
        assertThat(Text.decode(Formats.writePoints(batch, Format.NDJSON, WriteOptions.COLUMNS)))
                .isEqualTo("{\"path\":\"a\",\"times\":[1404216000000000000,1404216000000000001],\"values\":[1,2]}\n");
    }
}
