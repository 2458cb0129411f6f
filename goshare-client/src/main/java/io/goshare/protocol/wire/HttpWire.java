package io.goshare.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commands as HTTP requests, both directions.
 *
 * <pre>
 *   GET|POST /api/v1/VERB?name=value&amp;…     the body is the data; of a verb without data, a JSON object of parameters
 *   GET|PUT|DELETE /api/v1/kv/KEY            the value as it stands; If-Match: "revision", If-None-Match: *
 *   GET|PUT|DELETE /api/v1/ns/A/B/C          the same of a path; ?children, ?recursive, ?at=…
 *   POST /write, /api/v2/write               Influx lines, answered by 204
 * </pre>
 *
 * GET, and HEAD with it, is for what only reads.
 */
public final class HttpWire {
    /** Longest target this prints as a GET; longer ones become a POST. */
    private static final int MAX_TARGET = 4096;

    private static final int MAX_PARAMETERS = 64;
    private static final String API = "/api/v1/";
    private static final String KV = API + "kv/";
    private static final String NS = API + "ns/";
    private static final JsonFactory JSON = new JsonFactory();

    /** Query parameters of Influx clients that mean nothing here. */
    private static final Set<String> INFLUX_IGNORED =
            Set.of("db", "rp", "bucket", "org", "orgID", "consistency", "u", "p");

    private HttpWire() {}

    /** Whether {@code path} is one that {@link #parse} answers for, with an error if need be. */
    public static boolean isApi(String path) {
        return path.equals("/api") || path.startsWith("/api/") || path.equals("/write");
    }

    /** Whether {@code path} is an Influx client's, whose success is a bare 204. */
    public static boolean isInflux(String path) {
        return path.equals("/write") || path.equals("/api/v2/write");
    }

    /** Whether {@code path} names one key or path, whose value is the whole reply. */
    public static boolean isResource(String path) {
        return path.startsWith(KV) || path.startsWith(NS);
    }

    /**
     * The command {@code message} says.
     *
     * @throws GoShareException NOT_FOUND, METHOD_NOT_ALLOWED, or what is malformed
     */
    public static WireRequest parse(HttpMessage message) {
        String path = message.path();
        if (isInflux(path)) {
            return influx(message);
        }
        Map<String, String> params = UrlText.parameters(message.query(), MAX_PARAMETERS);
        Command command;
        if (path.startsWith(KV)) {
            command = resource(message, params, key(path));
        } else if (path.startsWith(NS)) {
            command = resource(message, params, path(path));
        } else if (path.startsWith(API)) {
            command = verb(message, params, path.substring(API.length()));
        } else {
            throw new GoShareException(
                    ErrorCode.NOT_FOUND,
                    "there is nothing at " + CommandWords.shortened(path) + "; commands are at " + API + "<verb>");
        }
        Optional<Format> reply = Bodies.replyFormat(command, accepted(message));
        return new WireRequest(command, reply, "", bearer(message));
    }

    /** The methods that {@code path} takes, for the Allow header. */
    public static String allowed(String path) {
        if (isInflux(path)) {
            return "POST";
        }
        if (isResource(path)) {
            return "DELETE, GET, HEAD, PUT";
        }
        boolean reads = path.startsWith(API)
                && Verb.named(path.substring(API.length()))
                        .filter(verb -> verb.access() == Verb.Access.READ)
                        .isPresent();
        return reads ? "GET, HEAD, POST" : "POST";
    }

    /** The format that {@code fmt=} in a query names, however malformed the rest is. */
    public static Optional<Format> formatNamed(String query) {
        for (String pair : query.split("&", MAX_PARAMETERS)) {
            if (pair.startsWith("fmt=")) {
                return Arrays.stream(Format.values())
                        .filter(format -> format.word().equalsIgnoreCase(pair.substring(4)))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** The token of {@code Authorization: Bearer} (or Influx's {@code Token}), or null. */
    public static @Nullable String bearer(HttpMessage message) {
        String header = message.header("Authorization");
        if (header == null) {
            return null;
        }
        String[] parts = header.strip().split("\\s+", 2);
        boolean ours = parts.length == 2 && (parts[0].equalsIgnoreCase("Bearer") || parts[0].equalsIgnoreCase("Token"));
        return ours ? parts[1] : null;
    }

    private static Command verb(HttpMessage message, Map<String, String> params, String word) {
        Verb verb = CommandWords.verb(word);
        allow(message);
        Command command = Command.of(verb).with(params);
        if (message.body().length == 0) {
            return command;
        }
        return verb.body() == Verb.BodyKind.NONE ? withParameters(command, message.body()) : withBody(command, message);
    }

    private static Command withBody(Command command, HttpMessage message) {
        return Bodies.read(command, Bodies.format(command, contentType(message)), message.body());
    }

    /** The content type's format; the one curl sends by itself says nothing. */
    private static Optional<Format> contentType(HttpMessage message) {
        String type = message.header("Content-Type");
        return type == null ? Optional.empty() : Format.ofContentType(type);
    }

    private static Optional<Format> accepted(HttpMessage message) {
        String accept = message.header("Accept");
        if (accept == null) {
            return Optional.empty();
        }
        for (String type : accept.split(",", 16)) {
            Optional<Format> format = Format.ofContentType(type);
            if (format.isPresent()) {
                return format;
            }
        }
        return Optional.empty();
    }

    /** Of a verb that takes no data, the body is an object of parameters. */
    private static Command withParameters(Command command, byte[] body) {
        Command out = command;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw noParameters(command, "is no JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
                    throw GoShareException.badField(name, name + " is neither text, number nor boolean");
                }
                out = out.with(name, json.getText());
            }
            return out;
        } catch (IOException e) {
            throw noParameters(command, "is no JSON");
        }
    }

    private static GoShareException noParameters(Command command, String why) {
        return new GoShareException(
                ErrorCode.BAD_REQUEST,
                "the body " + why + "; " + command.verb().word()
                        + " takes parameters in the query, or as {\"name\":\"value\"}");
    }

    private static void allow(HttpMessage message) {
        String methods = allowed(message.path());
        if (!List.of(methods.split(", ")).contains(message.method())) {
            throw new GoShareException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    CommandWords.shortened(message.method()) + " is not for " + CommandWords.shortened(message.path())
                            + "; it takes "
                            + methods,
                    "method",
                    -1,
                    null);
        }
    }

    private static Command key(String path) {
        return Command.of(Verb.GET)
                .with(Param.FACE, "kv")
                .with(Param.KEY, UrlText.decode(path.substring(KV.length()), false));
    }

    private static Command path(String path) {
        List<byte[]> segments = new ArrayList<>();
        for (String segment : path.substring(NS.length()).split("/", -1)) {
            segments.add(Text.encode(UrlText.decode(segment, false)));
        }
        Path parsed = Path.of(segments);
        return Command.of(Verb.GET).with(Param.FACE, "ns").with(Param.PATH, Param.PATH.parse(parsed.toString()));
    }

    /** What the method makes of a GET of one key or path. */
    private static Command resource(HttpMessage message, Map<String, String> params, Command get) {
        Map<String, String> rest = new LinkedHashMap<>(params);
        allow(message);
        Command command = switch (message.method()) {
            case "PUT" -> moved(get, Verb.PUT);
            case "DELETE" -> moved(get, Verb.DEL);
            default -> rest.remove("children") != null ? moved(get, Verb.CHILDREN) : get;
        };
        command = command.with(rest);
        if (message.method().equals("PUT")) {
            command = command.has(Param.FMT) ? withBody(command, message) : command.with(raw(message));
        }
        return conditions(message, command);
    }

    private static Body raw(HttpMessage message) {
        return new Body.Single(Value.infer(message.body()));
    }

    private static Command moved(Command get, Verb verb) {
        Command out = Command.of(verb);
        for (Map.Entry<String, String> param : get.printed().entrySet()) {
            boolean face = param.getKey().equals(Param.FACE.name());
            out = face && !verb.takes(Param.FACE) ? out : out.with(param.getKey(), param.getValue());
        }
        return out;
    }

    private static Command conditions(HttpMessage message, Command command) {
        String match = message.header("If-Match");
        String none = message.header("If-None-Match");
        if (match != null && command.verb().takes(Param.REV)) {
            return command.with("rev", match.strip().replaceAll("^(W/)?\"|\"$", ""));
        }
        if (none != null && none.strip().equals("*") && command.verb().takes(Param.REV)) {
            return command.with("rev", "0");
        }
        return command;
    }

    private static WireRequest influx(HttpMessage message) {
        allow(message);
        Command command = Command.of(Verb.WRITE).with(Param.FMT, "lp");
        for (Map.Entry<String, String> param :
                UrlText.parameters(message.query(), MAX_PARAMETERS).entrySet()) {
            if (param.getKey().equals("precision")) {
                command = command.with("precision", precision(param.getValue()));
            } else if (!INFLUX_IGNORED.contains(param.getKey())) {
                command = command.with(param.getKey(), param.getValue());
            }
        }
        command = Bodies.read(command, Format.LP, message.body());
        return new WireRequest(command, Optional.empty(), "", bearer(message));
    }

    private static String precision(String influx) {
        return switch (influx) {
            case "n" -> "ns";
            case "u" -> "us";
            default -> influx;
        };
    }

    /** The request that {@link #parse} reads back. */
    public static HttpMessage print(WireRequest request) {
        Command command = Bodies.spelled(request.command());
        Map<String, String> headers = new LinkedHashMap<>();
        if (request.token() != null) {
            headers.put("Authorization", "Bearer " + request.token());
        }
        request.reply().ifPresent(format -> headers.put("Accept", format.contentType()));
        String path = API + command.verb().word();
        String query = query(command.printed());
        byte[] body = new byte[0];
        if (!(command.body() instanceof Body.None)) {
            Format format = Bodies.format(command, Optional.empty());
            headers.put("Content-Type", format.contentType());
            body = Bodies.write(command.body(), format);
        } else if (query.length() > MAX_TARGET && command.verb().body() == Verb.BodyKind.NONE) {
            headers.put("Content-Type", Format.JSON.contentType());
            return new HttpMessage("POST", path, null, headers, Bodies.json(command.printed()));
        }
        boolean get = command.verb().access() == Verb.Access.READ && body.length == 0 && query.length() <= MAX_TARGET;
        return new HttpMessage(get ? "GET" : "POST", path, query.isEmpty() ? null : query, headers, body);
    }

    private static String query(Map<String, String> params) {
        StringBuilder out = new StringBuilder();
        params.forEach((name, value) -> out.append(out.isEmpty() ? "" : "&")
                .append(UrlText.encode(name))
                .append('=')
                .append(UrlText.encode(value)));
        return out.toString();
    }
}
