package io.goshare.server;

import io.goshare.protocol.Verb;
import io.goshare.server.cli.Demo;
import io.goshare.server.cli.Options;
import io.goshare.server.cli.UsageException;
import io.goshare.server.cli.VerbTool;
import io.goshare.server.cli.bench.Bench;
import java.util.Arrays;

/** What {@code goshare help} prints, made from the tables of settings, verbs and parameters. */
final class HelpPage {
    private HelpPage() {}

    static String overview() {
        StringBuilder out = new StringBuilder("""
                goshare VERB [--name value …]

                The server:
                  serve       runs it until SIGTERM; prints one line once it serves
                  start, stop, status
                              the same in the background, with a pid file and a log file
                  demo        shows what it does on figures of this machine
                  bench       measures a server that runs
                  verify DIR  checks a data directory that no server has open
                  repair DIR --to DIR
                              copies what can still be trusted of a damaged one
                  version, help [VERB]

                Verbs for a server that runs, at --url (default goshare:http://127.0.0.1:9999):
                """);
        for (Verb verb : Verb.values()) {
            out.append(String.format("  %-10s  %s%n", verb.word(), verb.help()));
        }
        return out.toString();
    }

    /** The page of one word. */
    static String of(String word) {
        return switch (word) {
            case "serve", "start", "stop", "status" ->
                serveOptions()
                        .help(
                                "Each is also a variable, as GOSHARE_HTTP_PORT for --http-port, and a key of the JSON object"
                                        + " in --settings.\nA flag beats a variable, which beats the file. The first GoShare's flags"
                                        + " are understood, with one dash or two.");
            case "demo" -> Demo.help();
            case "bench" -> Bench.help();
            case "verify", "repair" -> OfflineTool.help(word);
            default ->
                VerbTool.help(Verb.named(word)
                        .orElseThrow(() -> new UsageException("there is no verb " + word + "; see goshare help")));
        };
    }

    static Options serveOptions() {
        return new Options(
                "serve",
                "",
                Arrays.stream(Setting.values())
                        .map(setting -> new Options.Option(
                                setting.names(), setting.label(), explained(setting), setting.isList()))
                        .toList());
    }

    private static String explained(Setting setting) {
        boolean told = setting.fallback().isEmpty() || setting.label().isEmpty();
        return setting.help() + (told ? "" : "; default " + setting.fallback());
    }
}
