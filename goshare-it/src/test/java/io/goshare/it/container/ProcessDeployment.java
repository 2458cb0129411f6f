package io.goshare.it.container;

import io.goshare.it.fixture.ServerExtension;
import io.goshare.it.fixture.ServerProcess;
import io.goshare.server.Setting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program as a process of this machine, in a directory of its own. */
final class ProcessDeployment extends Deployment {
    private static final int MIB = 1 << 20;

    private final Path directory;
    private final StringBuilder ended = new StringBuilder();
    private ServerProcess server;

    ProcessDeployment() throws IOException {
        directory = Files.createTempDirectory("goshare-it-");
        Files.createDirectory(directory.resolve("disk"));
    }

    @Override
    void restore(Path data) throws IOException {
        Files.move(data, store());
    }

    private Path store() {
        return directory.resolve("disk/store");
    }

    @Override
    void start() throws IOException {
        if (!givenToken.isEmpty()) {
            Files.writeString(tokenFile(), givenToken);
            Files.setPosixFilePermissions(tokenFile(), PosixFilePermissions.fromString("rw-------"));
        }
        List<String> flags = new ArrayList<>(
                List.of("--make-token", "--token-file", tokenFile().toString()));
        if (httpPort > 0) {
            flags.addAll(List.of("--http-port=" + httpPort, "--zmq-ports=" + zmqPort + ",0"));
        }
        for (Map.Entry<Setting, String> setting : settings.entrySet()) {
            flags.add("--" + setting.getKey().flag() + "=" + setting.getValue());
        }
        server = ServerProcess.startIn(wrapper(), store(), flags.toArray(String[]::new));
    }

    private List<String> wrapper() throws IOException {
        if (clockMoves) {
            if (!Files.exists(clock())) {
                setClock(Duration.ZERO);
            }
            return Faketime.wrapper(clock());
        }
        return diskMib == 0 ? List.of() : onSmallDisk();
    }

    private Path clock() {
        return directory.resolve("clock");
    }

    @Override
    void setClock(Duration ahead) throws IOException {
        Path next = directory.resolve("clock.next");
        Files.writeString(next, Faketime.offset(ahead));
        Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> onSmallDisk() throws IOException {
        Deployments.require(canMount(), "a small disk: no mount namespaces here");
        String mount = "mount -t tmpfs -o size=" + diskMib + "m tmpfs \"$1\" && shift && exec \"$@\"";
        return List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                mount,
                "sh",
                directory.resolve("disk").toString());
    }

    private static boolean canMount() throws IOException {
        try {
            String mount = "unshare -m sh -c 'mount -t tmpfs tmpfs /mnt' 2>/dev/null";
            return ServerProcess.runCommand(Map.of(), List.of("sh", "-c", mount))
                            .code()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path tokenFile() {
        return directory.resolve("token");
    }

    @Override
    int stop() throws IOException, InterruptedException {
        int code = server.terminate();
        end();
        return code;
    }

    @Override
    void kill() throws InterruptedException {
        server.kill();
        try {
            end();
        } catch (IOException e) {
            throw new IllegalStateException("the log of the killed server cannot be read", e);
        }
    }

    @Override
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    @Override
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        List<String> kill = List.of("kill", "-" + name, String.valueOf(server.pid()));
        ServerProcess.Exit exit = ServerProcess.runCommand(Map.of(), kill);
        if (exit.code() != 0) {
            throw new IOException(kill + " failed: " + exit.err());
        }
    }

    private void end() throws IOException, InterruptedException {
        ended.append(server.log());
        server.close();
    }

    @Override
    boolean isRunning() {
        return server.isAlive();
    }

    @Override
    String log() throws IOException {
        return server == null || !server.isAlive() ? ended.toString() : ended + server.log();
    }

    @Override
    String endpoint(String door) {
        return "127.0.0.1:" + (door.equals("http") ? server.httpPort() : server.zmqPort());
    }

    @Override
    String token() throws IOException {
        return Files.readString(tokenFile()).strip();
    }

    @Override
    void fillDisk(int mibLeft) throws IOException {
        byte[] zeros = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (filler().getParent().toFile().getUsableSpace() > (long) mibLeft * MIB) {
                out.write(zeros);
            }
        }
    }

    @Override
    void emptyDisk() throws IOException {
        Files.delete(filler());
    }

    /** On the disk as the server sees it. */
    private Path filler() {
        return Path.of("/proc/" + server.pid() + "/root" + directory.resolve("disk/filler"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
        ServerExtension.delete(directory);
    }
}
