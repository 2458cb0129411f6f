package io.goshare.server;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/**
 * The message and stack trace of a log event, such that no text from outside can look like a line of the log: control
 * characters of the message are escaped, each further line of a trace begins with a tab and a bar.
 */
public final class LogLine extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        String message = escaped(event.getFormattedMessage());
        if (event.getThrowableProxy() == null) {
            return message;
        }
        String trace = ThrowableProxyUtil.asString(event.getThrowableProxy());
        return message + "\n\t| "
                + trace.lines()
                        .map(LogLine::escaped)
                        .reduce((a, b) -> a + "\n\t| " + b)
                        .orElse("");
    }

    /** {@code text} with control characters and line separators as {@code \\u000a}; tabs stand. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c == '\t' || (!Character.isISOControl(c) && c != '\u2028' && c != '\u2029');
            out.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return out.toString();
    }
}
