package io.goshare.protocol.wire.classic;

import java.util.Optional;

/**
 * The second word of a request, {@code keytype-valtype-helper}. Unknown or empty types act as {@code default}; a helper
 * is one only as third of exactly three tokens, where it may be empty too.
 */
record TaskType(Keys keys, Values values, Optional<String> helper) {
    enum Keys {
        DEFAULT,
        NS,
        TSDS,
        NOW
    }

    enum Values {
        DEFAULT,
        CSV,
        JSON
    }

    static TaskType parse(String text) {
        String[] tokens = text.split("-", -1);
        Keys keys = switch (tokens[0]) {
            case "ns" -> Keys.NS;
            case "tsds" -> Keys.TSDS;
            case "now" -> Keys.NOW;
            default -> Keys.DEFAULT;
        };
        Values values = switch (tokens.length > 1 ? tokens[1] : "") {
            case "csv" -> Values.CSV;
            case "json" -> Values.JSON;
            default -> Values.DEFAULT;
        };
        return new TaskType(keys, values, tokens.length == 3 ? Optional.of(tokens[2]) : Optional.empty());
    }

    /** Whether over ZeroMQ the first word of the data is a parent. */
    boolean hasParentWord() {
        return helper.filter(token -> token.equals("parent") || token.equals("parentNS"))
                .isPresent();
    }
}
