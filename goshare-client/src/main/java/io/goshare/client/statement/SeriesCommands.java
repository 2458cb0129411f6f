package io.goshare.client.statement;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import java.util.Collection;

/** The command that writes points. */
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
}
