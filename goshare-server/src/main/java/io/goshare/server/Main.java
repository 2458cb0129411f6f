package io.goshare.server;

import io.goshare.protocol.Verb;
import io.goshare.protocol.Words;
import io.goshare.server.cli.Demo;
import io.goshare.server.cli.Options;
import io.goshare.server.cli.UsageException;
import io.goshare.server.cli.VerbTool;
import io.goshare.server.cli.bench.Bench;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the first word of the command line and does what it says. */
public final class Main {
    private static final List<String> OWN =
            List.of("serve", "start", "stop", "status", "demo", "bench", "verify", "repair", "version", "help");

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** Does what {@code args} say; the exit code. */
    static int run(List<String> args) {
        try {
            return dispatch(args);
        } catch (UsageException e) {
            return failed(ExitCode.USAGE, e.getMessage());
        } catch (StartException e) {
            return failed(e.exitCode(), e.getMessage());
        } catch (IOException | LinkageError e) { // such as a native library that cannot be loaded
            return failed(ExitCode.FAILED, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(ExitCode.FAILED, "interrupted");
        }
    }

    private static int failed(ExitCode code, @Nullable String sentence) {
        System.err.println("goshare: " + sentence);
        return code.number();
    }

    private static int dispatch(List<String> args) throws IOException, InterruptedException {
        if (args.isEmpty()) {
            System.out.print(HelpPage.overview());
            return ExitCode.USAGE.number();
        }
        String word = args.get(0);
        List<String> rest = args.subList(1, args.size());
        if (word.matches("--?(help|h)")) {
            word = "help";
        } else if (word.matches("--?version")) {
            word = "version";
        } else if (word.startsWith("-")) {
            return firstGoShare(args);
        }
        return switch (word) {
            case "serve" -> Serve.run(config(rest));
            case "start", "stop", "status" -> daemon(word, rest);
            case "demo" -> Demo.run(rest, SelfCommand.of());
            case "bench" -> Bench.run(rest, System.out);
            case "verify", "repair" -> OfflineTool.run(word, rest);
            case "version" -> version();
            case "help" -> help(rest);
            default -> verb(word, rest);
        };
    }

    /** The first GoShare had flags alone: {@code -http-port 9999}, or {@code -daemon=start}. */
    private static int firstGoShare(List<String> args) throws IOException, InterruptedException {
        Optional<String> daemon =
                args.stream().filter(arg -> arg.matches("--?daemon(=.*)?")).findFirst();
        if (daemon.isEmpty()) {
            return Serve.run(config(args));
        }
        List<String> rest =
                args.stream().filter(arg -> !arg.equals(daemon.get())).toList();
        String action = daemon.get().replaceFirst("^--?daemon=?", "");
        return switch (action) {
            case "start", "stop", "status" -> daemon(action, rest);
            case "" -> daemon("status", rest);
            default -> throw new UsageException("daemon " + action + " is none of start, stop, status");
        };
    }

    private static int daemon(String action, List<String> flags) throws IOException, InterruptedException {
        Daemon daemon = new Daemon(config(flags));
        return switch (action) {
            case "start" -> daemon.start(flags);
            case "stop" -> daemon.stop();
            default -> daemon.status();
        };
    }

    private static ServerConfig config(List<String> flags) {
        Options.Given given = HelpPage.serveOptions().parse(flags);
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        given.values().forEach((name, value) -> values.put(Setting.named(name).orElseThrow(), value));
        SettingSources sources = new SettingSources();
        ServerConfig config = sources.read(values, System.getenv());
        sources.warnings().forEach(warning -> System.err.println("goshare: " + warning));
        return config;
    }

    private static int verb(String word, List<String> rest) throws IOException {
        Verb verb = Verb.named(word)
                .orElseThrow(() -> new UsageException("there is no verb " + word
                        + Words.suggestion(
                                word,
                                Stream.concat(
                                        OWN.stream(),
                                        Arrays.stream(Verb.values()).map(Verb::word)))
                        + "; see goshare help"));
        return VerbTool.run(verb, rest);
    }

    private static int help(List<String> words) {
        System.out.print(words.isEmpty() ? HelpPage.overview() : HelpPage.of(words.get(0)));
        return ExitCode.OK.number();
    }

    private static int version() {
        System.out.println("goshare " + Version.text() + ", Java " + Runtime.version());
        return ExitCode.OK.number();
    }
}
