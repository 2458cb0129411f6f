package io.goshare.client.statement;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.RejectedRow;
import java.util.Collection;
import java.util.List;

/** The command that writes points, and what its reply tells of those left out. */
public final class SeriesCommands {
    private SeriesCommands() {}

    /** A write of {@code points}, whose series are below the connection's namespace. */
    public static Command write(Session session, Collection<Point> points) {
        PointBatch.Builder batch = new PointBatch.Builder(points.size());
        for (Point point : points) {
            batch.add(session.namespace().under(point.series()), point.nanos(), point.value());
        }
        return write(session, batch.build());
    }

    /** A write of {@code batch} as it stands. */
    public static Command write(Session session, PointBatch batch) {
        return session.command(Verb.WRITE).with(new Body.Points(batch));
    }

    /**
     * Which rows of a batch were left out.
     *
     * @param told numbered from 1 and in order; the first thousand where there are more
     * @param count of all
     */
    public record LeftOut(List<RejectedRow> told, long count) {}

    /**
     * Writes the rows of {@code batch} that are good.
     *
     * @throws io.goshare.client.error.CallException if nothing is written
     */
    public static LeftOut writeGoodRows(Session session, PointBatch batch) {
        return session.call(write(session, batch).with(Param.PARTIAL, "allow"), reply -> {
            long count = Session.number(reply, "rejected");
            return new LeftOut(count == 0 ? List.of() : rejected(Session.table(reply)), count);
        });
    }

    private static List<RejectedRow> rejected(Table table) {
        return Row.of(table).stream()
                .map(row -> new RejectedRow(
                        row.integer("row"),
                        row.text("field").orElse(null),
                        row.text("reason").orElse("")))
                .toList();
    }
}
