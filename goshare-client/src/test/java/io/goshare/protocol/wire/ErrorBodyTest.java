package io.goshare.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorBodyTest {
    @ParameterizedTest
    @EnumSource(Format.class)
    void anErrorComesBackFromEveryFormatThatWasAskedFor(Format asked) {
        GoShareException error = GoShareException.badRow(7, "value", "row 7, value: is \"no\" number, ключ");

        WireReply reply = WireReply.of(error, Optional.of(asked), "r1");

        Format told = ErrorBody.isIn(asked) ? asked : Format.JSON;
        assertThat(reply.contentType()).isEqualTo(told.contentType());
        assertThatThrownBy(reply::read)
                .isInstanceOfSatisfying(GoShareException.class, read -> {
                    assertThat(read.code()).isEqualTo(ErrorCode.INVALID_ROWS);
                    assertThat(read.row()).isEqualTo(7);
                    assertThat(read.field()).isEqualTo("value");
                })
                .hasMessage(error.getMessage());
    }
}
