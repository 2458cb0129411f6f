package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** The tree of names at one moment. For one thread at a time. */
public interface NamespaceSnapshot extends AutoCloseable {
    /**
     * Hands over the values of {@code root} and below, or of all paths if it is empty, as of {@code revision}, which
     * was applied when the snapshot was taken while at most one group behind it was not. Not in the order of paths.
     * Ends early once {@code visitor} returns false.
     */
    void read(Optional<Path> root, long revision, Predicate<NamespaceValue> visitor);

    @Override
    void close();
}
