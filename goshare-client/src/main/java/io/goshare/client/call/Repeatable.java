package io.goshare.client.call;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import java.util.Arrays;

/** Which commands come out the same when they are done twice. */
final class Repeatable {
    private Repeatable() {}

    /** Whether {@code command} needs no request id to be sent again. */
    static boolean byItself(Command command) {
        return switch (command.verb()) {
            case PUT -> !command.has(Param.REV);
            case SETTINGS -> true;
            case WRITE -> !command.has(Param.TIME) && isTimed(command.body());
            default -> command.verb().access() == Verb.Access.READ;
        };
    }

    private static boolean isTimed(Body body) {
        return body instanceof Body.Points points
                && Arrays.stream(points.batch().times(), 0, points.batch().rows())
                        .noneMatch(time -> time == PointBatch.NO_TIME);
    }
}
