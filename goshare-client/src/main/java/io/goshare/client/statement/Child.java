package io.goshare.client.statement;

/**
 * A segment below a path.
 *
 * @param path whole, below the connection's namespace
 * @param hasValue whether the namespace holds a value at it
 * @param hasChildren whether there are values below it
 * @param hasSeries whether there are series at or below it
 */
public record Child(String name, String path, boolean hasValue, boolean hasChildren, boolean hasSeries) {}
