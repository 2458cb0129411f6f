package io.goshare.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

final class LogLineTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void controlCharactersOfAMessageAreEscaped() {
        String line = new LogLine().convert(event("key a\nERROR forged\u001b[2J\u2028", null));

        assertThat(line).isEqualTo("key a\\u000aERROR forged\\u001b[2J\\u2028");
    }

    @Test
    void noLineOfATraceLooksLikeALineOfTheLog() {
        String line = new LogLine().convert(event("failed", new IllegalStateException("a\nERROR forged")));

        assertThat(line.lines().skip(1)).isNotEmpty().allMatch(next -> next.startsWith("\t| "));
    }

    private LoggingEvent event(String message, Throwable failure) {
        return new LoggingEvent("test", context.getLogger("test"), Level.INFO, message, failure, null);
    }
}
