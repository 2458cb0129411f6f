package io.goshare.server.commit;

import io.goshare.protocol.model.Value;
import java.util.List;

/**
 * What a committed request is acknowledged with.
 *
 * @param revision the request's number; of a request that changed nothing, the newest there is
 * @param outcomes what each mutation told, in their order
 * @param repeated whether the request had been applied before and was only answered again
 */
public record Receipt(long revision, List<Value> outcomes, boolean repeated) {
    /** The outcome of a mutation with nothing to tell. */
    public static final Value NOTHING = Value.of(false);
}
