package io.goshare.protocol.wire;

import io.goshare.protocol.Command;
import io.goshare.protocol.Format;
import io.goshare.protocol.Param;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command and what came with it that is the connection's business.
 *
 * @param reply format asked for the reply; empty for the plainest that can say it
 * @param id correlates the reply on one connection; empty for none
 * @param token the token borne, or null
 */
public record WireRequest(
        Command command,
        Optional<Format> reply,
        String id,
        @Nullable String token) {
    /** The unit times print in. */
    public String times() {
        return command.get(Param.TIMES).orElse("ns");
    }

    /** The token never prints. */
    @Override
    public String toString() {
        return "WireRequest[" + command + "]";
    }
}
