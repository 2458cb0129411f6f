package io.goshare.protocol.wire;

import io.goshare.protocol.Command;
import io.goshare.protocol.Format;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
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

    /**
     * {@code done} as bytes, in the format and shape this asked for.
     *
     * @throws io.goshare.protocol.GoShareException UNSUPPORTED_FORMAT if the format cannot say it
     */
    public WireReply print(Reply done) {
        String times = command.get(Param.TIMES).orElse("ns");
        String shape =
                command.verb().takes(Param.SHAPE) ? command.get(Param.SHAPE).orElse("rows") : "rows";
        return WireReply.of(done, reply, times, shape);
    }

    /** The token never prints. */
    @Override
    public String toString() {
        return "WireRequest[" + command + "]";
    }
}
