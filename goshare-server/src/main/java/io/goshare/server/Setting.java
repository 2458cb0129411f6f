package io.goshare.server;

import io.goshare.protocol.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of all the server can be told. Each has a flag {@code --http-port}, a variable {@code GOSHARE_HTTP_PORT}
 * and a key {@code "http-port"} of the settings file; the first GoShare's flags, and those its documents name, are
 * aliases.
 */
public enum Setting {
    DATA("data", "DIR", "goshare-data", "data directory, made if missing", text -> text, "DBPath", "dbpath"),
    BIND("bind", "ADDRESS", "127.0.0.1", "address of both doors", text -> text, "server-uri", "http-uri"),
    HTTP_PORT("http-port", "PORT", "9999", "HTTP port; 0 takes a free one", Setting::port, "port"),
    ZMQ_PORTS(
            "zmq-ports",
            "PORT,PORT",
            "9797,9898",
            "ZeroMQ ports, each speaks everything; 0 takes a free one",
            Setting::ports,
            "rep-ports",
            "req-port",
            "rep-port"),
    ZMQ_PUB(
            "zmq-pub",
            "PORT",
            "",
            "ZeroMQ port that publishes changes under their paths, such as 9899; 0 takes a free one; default none",
            Setting::portOrNone),
    ENGINE("engine", "leveldb|rocksdb|memory", "leveldb", "storage engine", Setting::engine, "DBEngine"),
    DURABILITY(
            "durability",
            "interval|always",
            "interval",
            "interval: a power cut loses a second at most; always: nothing",
            text -> word(text, "interval", "always")),
    PERIOD(
            "period",
            "day|week|month",
            "month",
            "span of time that one store of points holds",
            text -> word(text, "day", "week", "month")),
    DISK_RESERVE(
            "disk-reserve",
            "BYTES",
            "",
            "free bytes below which writes are refused; default 256m and room for a compaction",
            Setting::bytesOrNone),
    WRITE_BUFFER("write-buffer", "BYTES", "32m", "write buffer of the base store; a period has half", Setting::bytes),
    LOG_LIMIT(
            "log-limit",
            "BYTES",
            "128m",
            "log of points that are not in chunks yet; at half a checkpoint begins",
            Setting::bytes),
    MAX_SERIES("max-series", "COUNT", "10000000", "series there may be; new ones are refused then", Setting::count),
    MAX_NAMESPACE_SERIES(
            "max-namespace-series",
            "COUNT",
            "10000000",
            "the same of one namespace: the first segment of paths",
            Setting::count),
    CACHE(
            "cache",
            "BYTES",
            "",
            "cache of blocks read, of all stores; default an eighth of the heap",
            Setting::bytesOrNone),
    CLASSIC(
            "classic",
            "on|off",
            "on",
            "whether the first GoShare's routes and words are served",
            text -> word(text, "on", "off")),
    TOKEN_FILE("token-file", "FILE", "", "file with the bearer token that both doors then ask for", text -> text),
    MAKE_TOKEN(
            "make-token",
            "",
            "false",
            "make the token file, with a random token in it, where it is missing",
            Setting::flag),
    INSECURE("insecure", "", "false", "serve other hosts without a token", Setting::flag),
    ALLOW_HOST("allow-host", "NAME,NAME", "", "further names a Host header may bear", text -> text),
    MAX_BODY("max-body", "BYTES", "16m", "largest request, on both doors", Setting::bytes),
    LOG_LEVEL(
            "log-level",
            "error|warn|info|debug|trace",
            "info",
            "what is logged",
            text -> word(text, "error", "warn", "info", "debug", "trace")),
    LOG_FILE("log-file", "FILE", "", "log here, with rotation; default stderr", text -> text, "daemon-log"),
    PID_FILE("pid-file", "FILE", "", "where start, stop and status keep the process id", text -> text, "daemon-pid"),
    SETTINGS("settings", "FILE", "", "JSON object of these settings", text -> text),
    CONFIG("config", "FILE", "", "the first GoShare's JSON file; its values win over all else", text -> text),
    CPUPROFILE("cpuprofile", "FILE", "", "write 100 s of profile, for JDK Mission Control", text -> text),
    NS_ENGINE(
            "NSEngine",
            "delimited",
            "delimited",
            "first GoShare's name of its tree; one value",
            text -> word(text, "delimited")),
    TS_ENGINE(
            "TSEngine",
            "namespace",
            "namespace",
            "first GoShare's name of its series; one value",
            text -> word(text, "namespace"));

    private final String flag;
    private final String label;
    private final String fallback;
    private final String help;
    private final UnaryOperator<String> reader;
    private final List<String> aliases;

    Setting(String flag, String label, String fallback, String help, UnaryOperator<String> reader, String... aliases) {
        this.flag = flag;
        this.label = label;
        this.fallback = fallback;
        this.help = help;
        this.reader = reader;
        this.aliases = List.of(aliases);
    }

    /** Its name as a flag, without dashes, and as a key of the settings file. */
    public String flag() {
        return flag;
    }

    /** {@link #flag} and the first GoShare's names for it. */
    List<String> names() {
        return Stream.concat(Stream.of(flag), aliases.stream()).toList();
    }

    /** {@code GOSHARE_HTTP_PORT}. */
    String variable() {
        return "GOSHARE_" + name();
    }

    /** What its value is, for people; empty for one that is on when it is named. */
    String label() {
        return label;
    }

    /** The value where none is given; empty where that has a meaning of its own. */
    String fallback() {
        return fallback;
    }

    String help() {
        return help;
    }

    /** Whether values given one after the other add up to a list with commas. */
    boolean isList() {
        return this == ZMQ_PORTS || this == ALLOW_HOST;
    }

    /**
     * The value that {@code text} spells, in its one spelling.
     *
     * @throws StartException USAGE that says what it should be
     */
    String read(String text) {
        try {
            return reader.apply(text.strip());
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    ExitCode.USAGE, flag + " " + text + " " + e.getMessage() + "; it is the " + help, e);
        }
    }

    static Optional<Setting> named(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.names().contains(name))
                .findFirst();
    }

    static String suggestion(String wrong) {
        return Words.suggestion(wrong, Arrays.stream(values()).flatMap(setting -> setting.names().stream()));
    }

    private static String word(String text, String... words) {
        if (!List.of(words).contains(text)) {
            throw new IllegalArgumentException(
                    words.length == 1 ? "can only be " + words[0] : "is none of " + String.join(", ", words));
        }
        return text;
    }

    private static String engine(String text) {
        if (text.equals("sqlite3")) {
            throw new IllegalArgumentException("is an engine of the first GoShare that this one does not have");
        }
        return text.equals("levigo") ? "leveldb" : word(text, "leveldb", "rocksdb", "memory");
    }

    private static String flag(String text) {
        return switch (text) {
            case "", "true", "on", "yes", "1" -> "true";
            case "false", "off", "no", "0" -> "false";
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }

    private static String count(String text) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
            throw new IllegalArgumentException("is no count from 1 to 999999999");
        }
        return String.valueOf(Integer.parseInt(text));
    }

    private static String port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException("is no port from 0 to 65535");
        }
        return String.valueOf(Integer.parseInt(text));
    }

    private static String portOrNone(String text) {
        return text.isEmpty() ? "" : port(text);
    }

    private static String ports(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(Setting::port)
                .collect(Collectors.joining(","));
    }

    private static String bytesOrNone(String text) {
        return text.isEmpty() ? "" : bytes(text);
    }

    private static String bytes(String text) {
        int shift = switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            default -> 0;
        };
        String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
        if (!digits.matches("[0-9]{1,12}") || Long.parseLong(digits) > (Long.MAX_VALUE >> shift)) {
            throw new IllegalArgumentException("is no number of bytes such as 65536, 64k, 16m or 2g");
        }
        return String.valueOf(Long.parseLong(digits) << shift);
    }
}
