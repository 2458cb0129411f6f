package io.goshare.server.cli;

import io.goshare.protocol.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options of one verb and how they read a command line: {@code --name value}, {@code --name=value}, one dash or two
 * as the first GoShare had it. Immutable.
 */
public final class Options {
    /**
     * One option.
     *
     * @param names without dashes; the first is the one that help shows
     * @param label what its value is; empty for one that is on when it is named
     * @param isList whether it may be repeated; the values are joined by commas
     */
    public record Option(List<String> names, String label, String help, boolean isList) {
        public static Option of(String name, String label, String help) {
            return new Option(List.of(name), label, help, false);
        }

        String name() {
            return names.get(0);
        }
    }

    /**
     * What a command line said.
     *
     * @param values by the first name of each option given; {@code true} for one without a value
     * @param words what is no option, in order
     */
    public record Given(Map<String, String> values, List<String> words) {}

    private final String verb;
    private final String wordsLabel;
    private final List<Option> options;

    /** @param wordsLabel what the words beside options are, such as {@code DIR}; empty for none */
    public Options(String verb, String wordsLabel, List<Option> options) {
        this.verb = verb;
        this.wordsLabel = wordsLabel;
        this.options = List.copyOf(options);
    }

    /**
     * Reads {@code args}.
     *
     * @throws UsageException for an unknown option, with the nearest one; for a missing or doubled value
     */
    public Given parse(List<String> args) {
        CommandSpec spec = spec();
        try {
            ParseResult result = commandLine(spec).parseArgs(args.toArray(String[]::new));
            Map<String, String> values = new LinkedHashMap<>();
            for (Option option : options) {
                OptionSpec given = result.matchedOption("--" + option.name());
                if (given != null) {
                    boolean flag = option.label().isEmpty();
                    values.put(option.name(), flag ? "true" : String.join(",", given.originalStringValues()));
                }
            }
            List<String> words = new ArrayList<>();
            spec.positionalParameters().forEach(one -> words.addAll(one.originalStringValues()));
            return new Given(values, words);
        } catch (UnmatchedArgumentException e) {
            String wrong = e.getUnmatched().get(0);
            throw new UsageException(
                    "goshare " + verb + " knows no " + wrong + suggestion(wrong) + "; see goshare help " + verb);
        } catch (ParameterException e) {
            throw new UsageException("goshare " + verb + ": " + e.getMessage() + "; see goshare help " + verb);
        }
    }

    private String suggestion(String wrong) {
        String name = wrong.replaceFirst("^-+", "").replaceFirst("=.*", "");
        if (name.length() == wrong.length()) {
            return "";
        }
        Stream<String> names = options.stream().flatMap(option -> option.names().stream());
        return Words.suggestion(name, names).replace("mean ", "mean --");
    }

    /** The help page: a line of usage, then each option with what it is. */
    public String help(String summary) {
        int width = options.stream()
                .mapToInt(option -> spelling(option).length())
                .max()
                .orElse(0);
        String words = wordsLabel.isEmpty() ? "" : " " + wordsLabel;
        return "goshare " + verb + words + (options.isEmpty() ? "" : " [--name value …]") + "\n\n" + summary + "\n\n"
                + options.stream()
                        .map(option -> "  " + pad(spelling(option), width) + "  " + option.help() + "\n")
                        .collect(Collectors.joining());
    }

    private static String spelling(Option option) {
        return "--" + option.name() + (option.label().isEmpty() ? "" : " " + option.label());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static CommandLine commandLine(CommandSpec spec) {
        return new CommandLine(spec)
                .setPosixClusteredShortOptionsAllowed(false)
                .setOverwrittenOptionsAllowed(false)
                .setUnmatchedOptionsArePositionalParams(false)
                .setExpandAtFiles(false)
                .setTrimQuotes(false);
    }

    private CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("goshare " + verb);
        for (Option option : options) {
            String[] names = option.names().stream()
                    .flatMap(name -> Stream.of("--" + name, "-" + name))
                    .toArray(String[]::new);
            OptionSpec.Builder builder = OptionSpec.builder(names);
            if (option.label().isEmpty()) {
                builder.type(boolean.class).arity("0");
            } else if (option.isList()) {
                builder.type(List.class).auxiliaryTypes(String.class).arity("1");
            } else {
                builder.type(String.class).arity("1");
            }
            spec.addOption(builder.build());
        }
        if (!wordsLabel.isEmpty()) {
            spec.addPositional(PositionalParamSpec.builder()
                    .index("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity("0..*")
                    .build());
        }
        return spec;
    }
}
