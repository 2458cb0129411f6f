package io.goshare.it.container;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.it.fixture.ServerProcess.Exit;
import io.goshare.testcontainers.GoShareContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Drops the packets to one port of a container, by a rule of iptables in the container's network namespace, which this
 * machine's root may enter: neither the container nor the machine's own rules are touched. The client goes to the
 * container's address, without Docker's proxy.
 */
final class PacketFilter implements FaultContract.Network {
    private final InspectContainerResponse container;
    private final int port;

    /** Skips the test where the namespace cannot be entered, or iptables is not there. */
    PacketFilter(GoShareContainer container, int port) throws IOException, InterruptedException {
        this.container = container.getCurrentContainerInfo();
        this.port = port;
        Deployments.require(
                isHere() && run(List.of("-L", "INPUT")).code() == 0,
                "dropped packets: no iptables here, or no right to enter a container's network");
    }

    /** Whether the engine's process of the container is a process of this machine. */
    private boolean isHere() throws IOException {
        Path cgroups = Path.of("/proc/" + pid() + "/cgroup");
        return Files.isReadable(cgroups) && Files.readString(cgroups).contains(container.getId());
    }

    private long pid() {
        return container.getState().getPidLong();
    }

    private Exit run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid() + "/ns/net", "iptables", "--wait"));
        command.addAll(arguments);
        String shell = "export PATH=$PATH:/usr/sbin:/sbin; exec \"$@\"";
        command.addAll(0, List.of("sh", "-c", shell, "sh"));
        return ServerProcess.runCommand(Map.of(), command);
    }

    private String done(String... arguments) throws IOException, InterruptedException {
        Exit exit = run(List.of(arguments));
        if (exit.code() != 0) {
            throw new IOException("iptables " + List.of(arguments) + " failed: " + exit.err());
        }
        return exit.out();
    }

    @Override
    public String endpoint() {
        return container
                        .getNetworkSettings()
                        .getNetworks()
                        .values()
                        .iterator()
                        .next()
                        .getIpAddress() + ":" + port;
    }

    @Override
    public void fail() throws IOException, InterruptedException {
        rule("--insert");
    }

    @Override
    public void heal() throws IOException, InterruptedException {
        rule("--delete");
    }

    private void rule(String what) throws IOException, InterruptedException {
        done(what, "INPUT", "--protocol", "tcp", "--dport", String.valueOf(port), "--jump", "DROP");
    }

    /** Packets dropped, by the rule's own count; 0 without the rule. */
    @Override
    public long strikes() throws IOException, InterruptedException {
        return done("--list", "INPUT", "--verbose", "--exact", "--numeric")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains("DROP") && line.contains("dpt:" + port))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", 2)[0]))
                .sum();
    }
}
