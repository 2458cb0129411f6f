package io.goshare.client;

import io.goshare.client.error.ConfigurationException;
import io.goshare.protocol.Durations;
import io.goshare.protocol.Format;
import io.goshare.protocol.Words;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Every setting of a connection: its key in URLs and builders. The system property is {@code goshare.KEY}, the
 * environment variable {@code GOSHARE_KEY} in capitals with {@code _} between words.
 */
public enum Option {
    ENCODING(
            "encoding",
            "columns",
            "format of bodies: columns, msgpack, json, ndjson, csv, protobuf, capnp, lp",
            text -> {
                String word = text.toLowerCase(Locale.ROOT);
                boolean known = Arrays.stream(Format.values())
                        .anyMatch(
                                format -> format != Format.RAW && format.word().equals(word));
                return known ? word : refuse("is no encoding" + Words.suggestion(word, encodings()));
            }),
    TIMEOUT("timeout", "30s", "the whole time of a call, attempts and pauses together", Option::duration),
    ATTEMPT_TIMEOUT("attemptTimeout", "", "time of one attempt; default the call's, by hosts", Option::duration),
    CONNECT_TIMEOUT("connectTimeout", "5s", "time for a connection to stand", Option::duration),
    RETRIES("retries", "5", "attempts after the first, 0 to 100", text -> integer(text, 0, 100)),
    TOKEN("token", "", "bearer token, a secret", text -> text),
    PAGE("page", "1000", "rows that a cursor fetches at once, 1 to 1000000", text -> integer(text, 1, 1_000_000)),
    DURABILITY("durability", "", "what an acknowledgement means, interval or always; default the server's", text -> {
        return text.equals("interval") || text.equals("always") ? text : refuse("is neither interval nor always");
    }),
    BATCH_ROWS("batch.rows", "5000", "points of a batch, 1 to 100000", text -> integer(text, 1, 100_000)),
    BATCH_BYTES("batch.bytes", "1000000", "bytes of a batch in memory, 1000 to 10000000", text -> {
        return integer(text, 1000, 10_000_000);
    }),
    BATCH_INTERVAL("batch.interval", "500ms", "longest time that a point waits for its batch", Option::duration),
    ENGINE("engine", "leveldb", "storage engine of goshare:file:", text -> text);

    private final String key;
    private final String fallback;
    private final String help;
    private final UnaryOperator<String> reader;

    Option(String key, String fallback, String help, UnaryOperator<String> reader) {
        this.key = key;
        this.fallback = fallback;
        this.help = help;
        this.reader = reader;
    }

    /** The key in URLs: {@code attemptTimeout}. */
    public String key() {
        return key;
    }

    /** The value where none is given; empty for none. */
    public String fallback() {
        return fallback;
    }

    /** What it is, with its unit or words. */
    public String help() {
        return help;
    }

    /** Whether its value must never print. */
    public boolean isSecret() {
        return this == TOKEN;
    }

    /** {@code goshare.attemptTimeout}. */
    public String property() {
        return "goshare." + key;
    }

    /** {@code GOSHARE_ATTEMPT_TIMEOUT}. */
    public String variable() {
        return "GOSHARE_" + key.replaceAll("([A-Z])", "_$1").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * The option of this key.
     *
     * @throws ConfigurationException if there is none, with the nearest key
     */
    public static Option named(String key) {
        if (key.equals("compression") || key.startsWith("tls.")) {
            throw new ConfigurationException(key, key + " comes with a later release; leave it out");
        }
        return Arrays.stream(values())
                .filter(option -> option.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        key,
                        "there is no setting " + key + Words.suggestion(key, keys()) + "; there are "
                                + String.join(", ", keys().toList())));
    }

    private static Stream<String> keys() {
        return Arrays.stream(values()).map(Option::key);
    }

    private static Stream<String> encodings() {
        return Arrays.stream(Format.values())
                .filter(format -> format != Format.RAW)
                .map(Format::word);
    }

    /**
     * {@code text} as it is kept.
     *
     * @throws ConfigurationException if it is malformed; a secret is not shown
     */
    public String read(String text) {
        try {
            return reader.apply(text.strip());
        } catch (IllegalArgumentException e) {
            String shown = isSecret() ? key : key + "=" + text;
            throw new ConfigurationException(key, shown + " " + e.getMessage() + "; it is " + help, e);
        }
    }

    private static String refuse(String why) {
        throw new IllegalArgumentException(why);
    }

    private static String duration(String text) {
        return Durations.parse(text) < 1_000_000 ? refuse("is shorter than 1ms") : text;
    }

    private static String integer(String text, int first, int last) {
        try {
            int number = Integer.parseInt(text);
            return number < first || number > last ? refuse("is not between " + first + " and " + last) : text;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is no integer", e);
        }
    }

    /** Its value in the system properties, else in the environment. */
    Optional<String> ofProcess(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        return Optional.ofNullable(properties.apply(property()))
                .or(() -> Optional.ofNullable(environment.apply(variable())))
                .filter(text -> !text.isBlank());
    }
}
