package io.goshare.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.call.Caller;
import io.goshare.client.call.RetryPolicy;
import io.goshare.client.statement.Namespaces;
import io.goshare.client.statement.Session;
import io.goshare.client.transport.Capabilities;
import io.goshare.client.transport.Fault;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is told and what is sent again, by a server that answers as the test says. */
final class SenderTest {
    private final List<Rejection> told = new ArrayList<>();
    /** {@code partial first..last} of each request, by the points' values. */
    private final List<String> asked = new ArrayList<>();

    private static PointBatch batch(int rows) {
        PointBatch.Builder batch = new PointBatch.Builder();
        for (long i = 0; i < rows; i++) {
            batch.add(SeriesKey.of(Path.parse("s")), i, Value.of(i));
        }
        return batch.build();
    }

    private static long value(PointBatch batch, int row) {
        return batch.words()[row];
    }

    private static GoShareException badRow() {
        return GoShareException.badRow(1, "value", "row 1: is bad");
    }

    private static Reply leftOut(long count, long... rows) {
        Table table = Table.of("row", "field", "reason");
        for (long row : rows) {
            table.add(Value.of(row), Value.of("value"), Value.of("is bad"));
        }
        return Reply.of(table).with("points", "0").with("rejected", count);
    }

    private Sender sender(Function<PointBatch, Reply> whole, Function<PointBatch, Reply> partial) {
        Transport transport = new Transport() {
            @Override
            public CompletableFuture<Reply> handle(Command command) {
                PointBatch batch = ((Body.Points) command.body()).batch();
                boolean partly = command.require(Param.PARTIAL).equals("allow");
                asked.add((partly ? "partial " : "whole ") + value(batch, 0) + ".." + value(batch, batch.rows() - 1));
                try {
                    return CompletableFuture.completedFuture((partly ? partial : whole).apply(batch));
                } catch (GoShareException refused) {
                    return CompletableFuture.failedFuture(refused);
                }
            }

            @Override
            public Capabilities capabilities() {
                return new Capabilities(true, true, 1 << 20, 1);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        Caller caller = new Caller(
                new RetryPolicy(Duration.ofSeconds(5).toNanos(), OptionalLong.empty(), 0),
                List.of("a"),
                host -> transport,
                List.of());
        Namespaces none = new Namespaces(Optional.empty());
        return new Sender(
                new Session(caller, Format.COLUMNS, Format.MSGPACK, 1, none, Optional.empty(), Optional.empty()));
    }

    private List<Long> toldValues() {
        return told.stream().map(one -> one.point().value().word()).toList();
    }

    private static Reply refuse(GoShareException why) {
        throw why;
    }

    @Test
    void aBadRowIsToldByItsNumber() {
        Sender sender = sender(batch -> refuse(badRow()), batch -> leftOut(2, 3, 9));

        PointBatch left = sender.send(batch(10), told::add);

        assertThat(left.rows()).isZero();
        assertThat(asked).containsExactly("whole 0..9", "partial 0..9");
        assertThat(toldValues()).containsExactly(2L, 8L);
        assertThat(told.get(0).field()).contains("value");
        assertThat(sender.written()).isEqualTo(8);
        assertThat(sender.rejected()).isEqualTo(2);
    }

    @Test
    void whatWasToldIsNotSentAgainThoughTheConnectionBreaks() {
        Sender sender = sender(batch -> refuse(badRow()), batch -> {
            if (value(batch, 0) > 0) {
                throw new TransportException(Fault.LOST, "broken");
            }
            return leftOut(5, 2, 4);
        });

        PointBatch left = sender.send(batch(10), told::add);

        assertThat(toldValues()).containsExactly(1L, 3L);
        assertThat(sender.written()).isEqualTo(2);
        assertThat(left.rows()).isEqualTo(6);
        assertThat(value(left, 0)).isEqualTo(4);
    }

    @Test
    void whatNoRowIsToBlameForIsHalved() {
        Sender sender = sender(
                batch -> {
                    if (batch.rows() > 3) {
                        throw new GoShareException(ErrorCode.TOO_LARGE, "too large");
                    } else if (value(batch, 0) == 3) {
                        throw new TransportException(Fault.LOST, "broken");
                    }
                    return Reply.done();
                },
                batch -> refuse(badRow()));

        PointBatch left = sender.send(batch(12), told::add);

        assertThat(asked).containsExactly("whole 0..11", "whole 0..5", "whole 0..2", "whole 3..5");
        assertThat(left.rows()).isEqualTo(9);
        assertThat(value(left, 0)).isEqualTo(3);
        assertThat(value(left, 8)).isEqualTo(11);
        assertThat(sender.written()).isEqualTo(3);
    }

    @Test
    void aServerThatCannotLeaveRowsOutIsAskedInHalves() {
        Sender sender = sender(
                batch -> value(batch, 0) <= 2 && value(batch, batch.rows() - 1) >= 2 ? refuse(badRow()) : Reply.done(),
                batch -> refuse(new GoShareException(ErrorCode.SERIES_LIMIT, "raced")));

        PointBatch left = sender.send(batch(4), told::add);

        assertThat(left.rows()).isZero();
        assertThat(toldValues()).containsExactly(2L);
        assertThat(sender.written()).isEqualTo(3);
    }
}
