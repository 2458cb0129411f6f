package io.goshare.server;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts this program again: same Java, same options, same class path. */
public final class SelfCommand {
    /** Options that suit a short run of the tool, not a server. */
    private static final List<String> TOOL_ONLY = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private SelfCommand() {}

    /** The command with {@code args} for {@link Main}. */
    public static List<String> of(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !TOOL_ONLY.contains(option))
                .forEach(command::add);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        return command;
    }
}
