package io.goshare.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Encodings of bodies. docs/protocol.md shows each. */
public enum Format {
    CSV("text/csv; charset=utf-8"),
    JSON("application/json"),
    NDJSON("application/x-ndjson"),
    MSGPACK("application/msgpack"),
    PROTOBUF("application/x-protobuf"),
    CAPNP("application/capnp"),
    /** Influx line protocol; points only. */
    LP("text/plain; charset=utf-8"),
    /** The SDK's compact binary body; points only. */
    COLUMNS("application/x-goshare-columns"),
    /** One value as it stands: the bytes of text or bytes, all else as it prints. */
    RAW("application/octet-stream");

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    /** The word of {@code fmt=}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String contentType() {
        return contentType;
    }

    /** This format, or the nearest that holds rows and values of any kind. */
    public Format ofRows() {
        return switch (this) {
            case COLUMNS, RAW -> MSGPACK;
            case LP -> JSON;
            default -> this;
        };
    }

    /** The format a Content-Type names, its parameters ignored; empty where it names none of ours. */
    public static Optional<Format> ofContentType(String contentType) {
        String bare = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (bare) {
            case "application/x-msgpack", "application/vnd.msgpack" -> Optional.of(MSGPACK);
            case "application/protobuf" -> Optional.of(PROTOBUF);
            case "application/x-capnp" -> Optional.of(CAPNP);
            case "text/plain" -> Optional.empty();
            default ->
                Arrays.stream(values())
                        .filter(format -> format.contentType.split(";", 2)[0].equals(bare))
                        .findFirst();
        };
    }
}
