package io.goshare.server.cli;

import io.goshare.client.transport.Transport;
import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.wire.CommandWords;
import io.goshare.protocol.wire.ZeroMqWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends one verb of the table to a running server and prints the reply. */
public final class VerbTool {
    private static final Options.Option URL = Options.Option.of(
            "url", "URL", "server, as goshare:http://host:9999 or goshare:zmq://host:9797; default GOSHARE_URL");
    private static final Options.Option TOKEN_FILE = Options.Option.of(
            "token-file", "FILE", "file with the bearer token; default what GOSHARE_TOKEN_FILE names");
    private static final Options.Option BODY = Options.Option.of("body", "TEXT", "the data, in the format of --fmt");
    private static final Options.Option FILE =
            Options.Option.of("file", "FILE", "the data, from a file; - is standard input");
    private static final List<Options.Option> OWN = List.of(URL, TOKEN_FILE, BODY, FILE);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Verb verb;
    private final Map<String, String> own = new LinkedHashMap<>();
    private final Map<String, String> params = new LinkedHashMap<>();

    private VerbTool(Verb verb, Options.Given given) {
        this.verb = verb;
        given.values().forEach((name, value) -> {
            boolean mine = OWN.stream().anyMatch(option -> option.names().contains(name));
            (mine ? own : params).put(name, value);
        });
        given.words().forEach(this::addWord);
    }

    /** Does {@code verb} with the rest of a command line; the exit code. */
    public static int run(Verb verb, List<String> args) throws IOException {
        try {
            VerbTool tool = of(verb, args);
            return tool.send(tool.command());
        } catch (GoShareException e) {
            System.err.println("goshare: " + e.getMessage());
            return 1;
        }
    }

    static VerbTool of(Verb verb, List<String> args) {
        return new VerbTool(verb, options(verb).parse(args));
    }

    public static String help(Verb verb) {
        return options(verb).help("Asks a running server for " + verb.help() + ".");
    }

    private static Options options(Verb verb) {
        List<Options.Option> options = new ArrayList<>();
        List<Param<?>> writing = verb.access() == Verb.Access.READ ? List.of() : Verb.WRITING;
        Stream.of(verb.params(), writing, Verb.COMMON).flatMap(List::stream).forEach(param -> {
            String label = param.type().equals("true|false") ? "" : param.type();
            List<String> names = Stream.of(param.name(), param.name().replace('_', '-'))
                    .distinct()
                    .toList();
            options.add(new Options.Option(names, label, param.help(), false));
        });
        options.addAll(verb.body() == Verb.BodyKind.NONE ? List.of(URL, TOKEN_FILE) : OWN);
        return new Options(verb.word(), verb.params().isEmpty() ? "" : "[WORD …]", options);
    }

    /** A word that is no option is what the verb is about, and then the value: {@code put colour blue}. */
    private void addWord(String word) {
        Param<?> main = mainParam();
        if (main != null && params.putIfAbsent(main.name(), word) == null) {
            return;
        }
        if (!verb.takes(Param.VALUE) || params.putIfAbsent(Param.VALUE.name(), word) != null) {
            throw new UsageException("goshare " + verb.word() + " knows no use for the word " + word
                    + "; see goshare help " + verb.word());
        }
    }

    private @Nullable Param<?> mainParam() {
        boolean tree = "ns".equals(params.get(Param.FACE.name()));
        List<Param<?>> order =
                tree ? List.of(Param.SEL, Param.PATH) : List.of(Param.SEL, Param.KEY, Param.PREFIX, Param.PATH);
        return order.stream().filter(verb::takes).findFirst().orElse(null);
    }

    private int send(Command command) throws IOException {
        String url = Optional.ofNullable(own.get("url"))
                .or(() -> Optional.ofNullable(System.getenv("GOSHARE_URL")))
                .orElse(Connection.DEFAULT_URL);
        Duration timeout = command.has(Param.TIMEOUT) ? Duration.ofNanos(command.require(Param.TIMEOUT)) : TIMEOUT;
        try (Transport transport = Connection.open(url, token(), timeout)) {
            Reply reply = transport.handle(command).join();
            new ReplyPrinter(System.out, System.err, Boolean.getBoolean("goshare.terminal"))
                    .print(reply, Optional.ofNullable(params.get(Param.FMT.name())), command.get(Param.TIMES));
            return 0;
        } catch (CompletionException e) {
            if (e.getCause() instanceof GoShareException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** What the command line says, with the data it names. */
    Command command() throws IOException {
        try {
            Command command = Command.of(verb);
            for (Map.Entry<String, String> param : params.entrySet()) {
                Command more = command.with(param.getKey(), param.getValue());
                command = param.getKey().equals(Param.FMT.name()) ? command : more; // bodies travel in another format
            }
            Optional<byte[]> data = data();
            return data.isPresent() ? command.with(body(data.get())) : command;
        } catch (GoShareException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** The data as the server would read it; it travels in the transport's own encoding. */
    private Body body(byte[] data) {
        String fallback = verb.body() == Verb.BodyKind.VALUE ? "raw" : "csv";
        String words = verb.word() + " fmt=" + params.getOrDefault(Param.FMT.name(), fallback);
        String precision = params.get(Param.PRECISION.name());
        words += precision == null ? "" : " " + CommandWords.quote("precision=" + precision);
        return ZeroMqWire.parse(List.of(Text.encode(words), data)).command().body();
    }

    private Optional<byte[]> data() throws IOException {
        String text = own.get("body");
        String file = own.get("file");
        if (text != null && file != null) {
            throw new UsageException("give --body or --file, not both");
        }
        if (text != null) {
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }
        if (file != null && !file.equals("-")) {
            return Optional.of(Files.readAllBytes(Path.of(file)));
        }
        return file != null || needsData() ? Optional.of(System.in.readAllBytes()) : Optional.empty();
    }

    /** Whether the parameters alone do not say what to do, so that the data must be on standard input. */
    private boolean needsData() {
        return switch (verb.body()) {
            case NONE -> false;
            case POINTS -> true;
            case VALUE -> !params.containsKey(Param.VALUE.name());
            case ROWS -> Stream.of(Param.KEY, Param.PATH).noneMatch(param -> params.containsKey(param.name()));
        };
    }

    private Optional<String> token() throws IOException {
        Optional<String> file = Optional.ofNullable(own.get("token-file"))
                .or(() -> Optional.ofNullable(System.getenv("GOSHARE_TOKEN_FILE")))
                .filter(name -> !name.isEmpty());
        if (file.isEmpty()) {
            return Optional.ofNullable(System.getenv("GOSHARE_TOKEN"));
        }
        return Optional.of(Files.readString(Path.of(file.get())).strip());
    }
}
