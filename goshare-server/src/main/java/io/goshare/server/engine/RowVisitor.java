package io.goshare.server.engine;

/** Receives rows of a scan. */
@FunctionalInterface
public interface RowVisitor {
    /** Takes one row; false ends the scan. */
    boolean row(byte[] key, byte[] value);
}
