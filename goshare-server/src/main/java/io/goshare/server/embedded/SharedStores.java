package io.goshare.server.embedded;

import io.goshare.server.GoShareServer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The stores that are open in this process; one that several connections name is one. Safe for many threads. */
final class SharedStores {
    /** Of the process, as the lock of a data directory is. */
    static final SharedStores OF_PROCESS = new SharedStores();

    private static final class Shared {
        private final GoShareServer server;
        private int users;

        Shared(GoShareServer server) {
            this.server = server;
        }
    }

    private final Map<String, Shared> open = new HashMap<>();

    synchronized GoShareServer acquire(String name, Supplier<GoShareServer> opener) {
        Shared shared = open.get(name);
        if (shared == null) {
            shared = new Shared(opener.get());
            open.put(name, shared);
        }
        shared.users++;
        return shared.server;
    }

    /** Closes the store with its last user. */
    synchronized void release(String name) {
        Shared shared = open.get(name);
        if (shared != null && --shared.users == 0) {
            open.remove(name);
            shared.server.close();
        }
    }
}
