package io.goshare.server.zeromq;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.wire.Incident;
import io.goshare.protocol.wire.LoginLimiter;
import io.goshare.protocol.wire.ZeroMqWire;
import io.goshare.protocol.wire.classic.ClassicCall;
import io.goshare.protocol.wire.classic.ClassicWords;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From frames to a request, whichever surface it speaks; what is wrong with it is a request that is refused. */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final int MAX_FRAMES = 16;

    private final ZeroMqConfig config;
    private final LoginLimiter logins;
    private final InstantSource clock;

    /** @param logins asked for each request; where PLAIN guards the connection, one that lets all pass */
    Requests(ZeroMqConfig config, LoginLimiter logins, InstantSource clock) {
        this.config = config;
        this.logins = logins;
        this.clock = clock;
    }

    Request parse(Envelope envelope) {
        List<byte[]> frames = envelope.frames();
        try {
            if (frames.isEmpty()) {
                throw new GoShareException(ErrorCode.BAD_REQUEST, "the message is empty; send verb name=value …");
            }
            if (frames.size() > MAX_FRAMES || envelope.bytes() > config.maxMessageBytes()) {
                throw new GoShareException(
                        ErrorCode.TOO_LARGE,
                        "a message has at most " + MAX_FRAMES + " frames and " + config.maxMessageBytes() + " bytes");
            }
            if (config.classic() && ZeroMqWire.isClassic(frames)) {
                return classic(envelope);
            }
            return new Request.Wire(ZeroMqWire.parse(frames, token -> logins.check(token, envelope.address())));
        } catch (GoShareException e) {
            return new Request.Refused(e, frames.isEmpty() ? "" : ZeroMqWire.idOf(frames));
        } catch (RuntimeException | Error e) {
            return new Request.Refused(Incident.of(e, LOG), "");
        }
    }

    /** A request that must not be served, whatever it says. */
    Request refused(Envelope envelope, GoShareException why) {
        List<byte[]> frames = envelope.frames();
        if (config.classic() && ZeroMqWire.isClassic(frames)) {
            return new Request.Classic(ClassicWords.parse(frames.get(0), clock).refused(why));
        }
        return new Request.Refused(why, frames.isEmpty() ? "" : ZeroMqWire.idOf(frames));
    }

    private Request classic(Envelope envelope) {
        ClassicCall call = ClassicWords.parse(envelope.frames().get(0), clock);
        try {
            logins.check(null, envelope.address());
            return new Request.Classic(call);
        } catch (GoShareException e) {
            return new Request.Classic(call.refused(e));
        }
    }
}
