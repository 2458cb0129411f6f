package io.goshare.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A value for every {@link Setting}, checked. Immutable. */
public final class ServerConfig {
    private final Map<Setting, String> values;

    private ServerConfig(Map<Setting, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    public static ServerConfig defaults() {
        return of(Map.of());
    }

    /**
     * The defaults, overridden by {@code given}.
     *
     * @throws StartException USAGE if a value is malformed
     */
    static ServerConfig of(Map<Setting, String> given) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.read(given.getOrDefault(setting, setting.fallback())));
        }
        return new ServerConfig(values);
    }

    /** This configuration with {@code setting} spelt as in a flag. */
    public ServerConfig with(Setting setting, String text) {
        Map<Setting, String> more = new EnumMap<>(values);
        more.put(setting, setting.read(text));
        return new ServerConfig(more);
    }

    private String value(Setting setting) {
        return values.getOrDefault(setting, setting.fallback());
    }

    private Optional<String> given(Setting setting) {
        return Optional.of(value(setting)).filter(text -> !text.isEmpty());
    }

    private List<String> list(Setting setting) {
        return given(setting).map(text -> List.of(text.split(","))).orElse(List.of());
    }

    /** Absolute; unused by an engine without files. */
    public Path data() {
        return Path.of(value(Setting.DATA)).toAbsolutePath().normalize();
    }

    /**
     * The address to bind; a name is looked up, for ZeroMQ takes none.
     *
     * @throws StartException USAGE if there is no such host
     */
    public InetAddress bind() {
        try {
            return InetAddress.getByName(value(Setting.BIND));
        } catch (UnknownHostException e) {
            throw new StartException(
                    ExitCode.USAGE, "bind " + value(Setting.BIND) + " is no address of this machine", e);
        }
    }

    public int httpPort() {
        return Integer.parseInt(value(Setting.HTTP_PORT));
    }

    public List<Integer> zmqPorts() {
        return list(Setting.ZMQ_PORTS).stream().map(Integer::valueOf).toList();
    }

    /** Empty for no publisher. */
    public OptionalInt zmqPub() {
        return given(Setting.ZMQ_PUB)
                .map(text -> OptionalInt.of(Integer.parseInt(text)))
                .orElse(OptionalInt.empty());
    }

    /** {@code leveldb}, {@code rocksdb} or {@code memory}. */
    public String engine() {
        return value(Setting.ENGINE);
    }

    /** Whether each acknowledgement waits for the disk. */
    public boolean alwaysSync() {
        return value(Setting.DURABILITY).equals("always");
    }

    /** {@code day}, {@code week} or {@code month}. */
    public String period() {
        return value(Setting.PERIOD);
    }

    /** Bytes; empty for the formula of the disk reserve. */
    public OptionalLong diskReserve() {
        return given(Setting.DISK_RESERVE)
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    public int writeBufferBytes() {
        return (int) Math.min(1 << 30, Long.parseLong(value(Setting.WRITE_BUFFER)));
    }

    public long logLimitBytes() {
        return Long.parseLong(value(Setting.LOG_LIMIT));
    }

    public long cacheBytes() {
        return given(Setting.CACHE)
                .map(Long::parseLong)
                .orElse(Runtime.getRuntime().maxMemory() / 8);
    }

    public boolean classic() {
        return value(Setting.CLASSIC).equals("on");
    }

    public Optional<Path> tokenFile() {
        return given(Setting.TOKEN_FILE).map(Path::of);
    }

    /** Whether a missing token file is made. */
    public boolean makeToken() {
        return value(Setting.MAKE_TOKEN).equals("true");
    }

    public boolean insecure() {
        return value(Setting.INSECURE).equals("true");
    }

    public List<String> allowedHosts() {
        return list(Setting.ALLOW_HOST);
    }

    public int maxBodyBytes() {
        return (int) Math.min(1 << 30, Long.parseLong(value(Setting.MAX_BODY)));
    }

    public int maxSeries() {
        return Integer.parseInt(value(Setting.MAX_SERIES));
    }

    public int maxNamespaceSeries() {
        return Integer.parseInt(value(Setting.MAX_NAMESPACE_SERIES));
    }

    public String logLevel() {
        return value(Setting.LOG_LEVEL);
    }

    public Optional<Path> logFile() {
        return given(Setting.LOG_FILE).map(Path::of);
    }

    public Optional<Path> pidFile() {
        return given(Setting.PID_FILE).map(Path::of);
    }

    public Optional<Path> cpuProfile() {
        return given(Setting.CPUPROFILE).map(Path::of);
    }

    /** The settings that differ from their defaults, as a command line; none of them is a secret. */
    @Override
    public String toString() {
        return String.join(
                " ",
                Arrays.stream(Setting.values())
                        .filter(setting -> !value(setting).equals(setting.read(setting.fallback())))
                        .map(setting -> "--" + setting.flag() + "=" + value(setting))
                        .toList());
    }
}
