package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;

/**
 * The next step below a path.
 *
 * @param hasValue whether it holds a value itself
 * @param hasChildren whether anything below it holds one
 */
public record Child(Path path, boolean hasValue, boolean hasChildren) {}
