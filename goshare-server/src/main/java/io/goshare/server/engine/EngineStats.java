package io.goshare.server.engine;

/**
 * What an engine tells about itself.
 *
 * @param diskBytes bytes of its files; 0 in memory
 * @param detail the library's own report, for people
 */
public record EngineStats(long diskBytes, String detail) {}
