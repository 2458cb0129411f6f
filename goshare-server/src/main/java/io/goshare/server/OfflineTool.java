package io.goshare.server;

import io.goshare.server.cli.Options;
import io.goshare.server.cli.Options.Option;
import io.goshare.server.cli.UsageException;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.EngineProvider;
import io.goshare.server.engine.OfflineCheck;
import io.goshare.server.engine.OfflineCheck.Report;
import io.goshare.server.engine.OfflineCheck.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code verify DIR} and {@code repair DIR --to DIR}: they read a data directory that no server has open. */
final class OfflineTool {
    private static final Option ENGINE =
            Option.of("engine", "leveldb|rocksdb", "the engine it was made with; default leveldb");
    private static final Option TO = Option.of("to", "DIR", "the directory to write; it must not hold anything");

    private OfflineTool() {}

    private static Options options(String verb) {
        return new Options(verb, "DIR", verb.equals("repair") ? List.of(TO, ENGINE) : List.of(ENGINE));
    }

    static String help(String verb) {
        return options(verb)
                .help(
                        verb.equals("repair")
                                ? "Writes all that can be trusted in DIR to another directory, and prints what is kept and"
                                        + " what is lost. DIR stays as it is."
                                : "Reads every block and row of DIR and prints what is wrong. Exit code 74 if something is.");
    }

    static int run(String verb, List<String> args) {
        Options.Given given = options(verb).parse(args);
        if (given.words().size() != 1) {
            throw new UsageException("goshare " + verb + " takes one data directory; see goshare help " + verb);
        }
        Path source = Path.of(given.words().get(0)).toAbsolutePath().normalize();
        if (!Files.isDirectory(source)) {
            throw new UsageException(source + " is no directory");
        }
        EngineProvider provider =
                Engines.provider(Setting.ENGINE.read(given.values().getOrDefault("engine", "leveldb")));
        try {
            return verb.equals("repair") ? repair(source, given, provider) : verify(source, provider);
        } catch (EngineException e) {
            throw Engines.failed(e);
        }
    }

    private static int verify(Path source, EngineProvider provider) {
        Report report = OfflineCheck.verify(source, provider);
        print(report, "good");
        if (report.stores().isEmpty() && !report.sound()) {
            throw new StartException(ExitCode.REFUSED, source + " is no data directory");
        }
        System.out.println(report.sound() ? "sound" : "DAMAGED; goshare repair copies what is good");
        return report.sound() ? ExitCode.OK.number() : ExitCode.DAMAGED.number();
    }

    private static int repair(Path source, Options.Given given, EngineProvider provider) {
        Path target = Optional.ofNullable(given.values().get("to"))
                .map(text -> Path.of(text).toAbsolutePath().normalize())
                .orElseThrow(() -> new UsageException("goshare repair needs --to DIR, an empty or new directory"));
        Report report = OfflineCheck.repair(source, target, provider);
        print(report, "kept");
        System.out.println("written to " + target + "; " + source + " is as it was");
        return ExitCode.OK.number();
    }

    private static void print(Report report, String word) {
        report.findings().forEach(finding -> System.out.println("directory: " + finding));
        for (Store store : report.stores()) {
            store.findings().forEach(finding -> System.out.println(store.name() + ": " + finding));
            System.out.println(store.name() + ": " + store.rows() + " rows " + word + ", " + store.lost() + " lost");
        }
    }
}
