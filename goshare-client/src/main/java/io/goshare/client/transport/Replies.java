package io.goshare.client.transport;

import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.WireReply;

/** From bytes that came back to a reply, or to what was wrong with them. */
public final class Replies {
    /** The word by which a reply of another version of the protocol says so; one of version 1 bears none. */
    private static final String PROTOCOL = "protocol";

    private Replies() {}

    /**
     * The reply that {@code wire} is.
     *
     * @throws GoShareException the server's error, or a {@link TransportException} for a reply that cannot be read
     */
    public static Reply read(WireReply wire, String endpoint) {
        String version = wire.words().getOrDefault(PROTOCOL, "1");
        if (!version.equals("1")) {
            throw new TransportException(
                    Fault.OTHER_VERSION,
                    endpoint + " speaks version " + version + " of the protocol, this client version 1");
        }
        boolean refused = wire.words().containsKey("error") || wire.status() >= 300;
        try {
            return wire.read();
        } catch (GoShareException e) {
            if (refused) {
                throw e;
            }
            throw new TransportException(
                    Fault.WRONG_TYPE, "the reply of " + endpoint + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new TransportException(Fault.WRONG_TYPE, "the reply of " + endpoint + " cannot be read: " + e, e);
        }
    }
}
