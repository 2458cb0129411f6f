package io.goshare.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LoginLimiterTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2014-07-01T00:00:00Z"));
    private final LoginLimiter logins = new LoginLimiter(Optional.of(Token.of("right\n")), now::get);

    @Test
    void theTokenPassesAndNothingElse() {
        logins.check("right", "10.0.0.1");

        refused(ErrorCode.UNAUTHORIZED, "wrong", "10.0.0.1");
        refused(ErrorCode.UNAUTHORIZED, null, "10.0.0.1");
        refused(ErrorCode.UNAUTHORIZED, "", "10.0.0.1");
        refused(ErrorCode.UNAUTHORIZED, "right\n", "10.0.0.1");
    }

    @Test
    void afterTenWrongTokensAnAddressWaitsAMinute() {
        for (int i = 0; i < 10; i++) {
            refused(ErrorCode.UNAUTHORIZED, "wrong" + i, "10.0.0.1");
        }

        refused(ErrorCode.BUSY, "right", "10.0.0.1");
        logins.check("right", "10.0.0.2");
        now.set(now.get().plusSeconds(60));
        logins.check("right", "10.0.0.1");
    }

    @Test
    void withoutATokenAllPass() {
        new LoginLimiter(Optional.empty(), now::get).check(null, "10.0.0.1");
    }

    @Test
    void aTokenNeverPrints() {
        assertThat(Token.of("s3cret")).hasToString("Token[hidden]");
        assertThatThrownBy(() -> Token.of(" \n")).isInstanceOf(IllegalArgumentException.class);
    }

    private void refused(ErrorCode code, String token, String address) {
        assertThatThrownBy(() -> logins.check(token, address))
                .isInstanceOfSatisfying(
                        GoShareException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
