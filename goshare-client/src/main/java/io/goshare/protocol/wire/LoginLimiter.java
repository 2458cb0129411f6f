package io.goshare.protocol.wire;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the token, and counts the wrong ones of each address: 10 a minute, then even the right one waits.
 * Thread-safe.
 */
public final class LoginLimiter {
    private static final int MOST = 10;
    private static final long WINDOW_MILLIS = 60_000;
    private static final int ADDRESSES = 10_000;

    private final Optional<Token> token;
    private final InstantSource clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ADDRESSES;
        }
    };

    private record Failures(long since, int count) {}

    /** @param token what must be borne; empty lets all pass */
    public LoginLimiter(Optional<Token> token, InstantSource clock) {
        this.token = token;
        this.clock = clock;
    }

    /** @throws GoShareException UNAUTHORIZED for a missing or wrong token, BUSY where too many were wrong */
    public void check(@Nullable String offered, String address) {
        if (token.isEmpty()) {
            return;
        }
        refuseBusy(address);
        if (!token.get().matches(offered)) {
            if (offered != null) {
                count(address);
            }
            throw new GoShareException(
                    ErrorCode.UNAUTHORIZED,
                    offered == null
                            ? "this server asks for a token: Authorization: Bearer … over HTTP, token=… over ZeroMQ"
                            : "the token is not this server's");
        }
    }

    private synchronized void refuseBusy(String address) {
        Failures known = failures.get(address);
        if (known != null && known.count >= MOST && clock.millis() - known.since < WINDOW_MILLIS) {
            throw new GoShareException(ErrorCode.BUSY, "too many wrong tokens from this address; wait a minute");
        }
    }

    private synchronized void count(String address) {
        long now = clock.millis();
        failures.merge(
                address,
                new Failures(now, 1),
                (known, one) -> now - known.since < WINDOW_MILLIS ? new Failures(known.since, known.count + 1) : one);
    }
}
