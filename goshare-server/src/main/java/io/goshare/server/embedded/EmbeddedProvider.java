package io.goshare.server.embedded;

import io.goshare.client.error.ConfigurationException;
import io.goshare.client.transport.Target;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportProvider;
import io.goshare.server.GoShareServer;
import io.goshare.server.StartException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * {@code goshare:file:/path}, a data directory, made if missing, and {@code goshare:mem:name}, a store in memory that
 * goes with the last connection to it. All connections of the process to one place share the store.
 */
public final class EmbeddedProvider implements TransportProvider {
    @Override
    public boolean supports(String scheme) {
        return scheme.equals("file") || scheme.equals("mem");
    }

    @Override
    public int defaultPort() {
        return 0;
    }

    @Override
    public Transport open(Target target) {
        boolean memory = target.scheme().equals("mem");
        String name = memory ? "mem:" + target.address() : "file:" + path(target.address());
        try {
            GoShareServer server = SharedStores.OF_PROCESS.acquire(name, () -> memory ? memory() : file(target));
            return new EmbeddedTransport(server.handler(), () -> SharedStores.OF_PROCESS.release(name));
        } catch (StartException e) {
            throw new ConfigurationException(null, "goshare:" + name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new ConfigurationException(null, "goshare:file:" + text + " is no path of this system", e);
        }
    }

    private static GoShareServer memory() {
        return GoShareServer.builder().engine("memory").open();
    }

    private static GoShareServer file(Target target) {
        return GoShareServer.builder()
                .data(path(target.address()))
                .engine(target.options().getOrDefault("engine", "leveldb"))
                .open();
    }
}
