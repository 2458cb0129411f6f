package io.goshare.server.series;

/** What another face has to bring into place before log entries go. */
@FunctionalInterface
public interface CheckpointStep {
    /**
     * Writes to the base store what operations up to {@code revision} changed and only the log tells so far. May be
     * repeated after a crash.
     */
    void bringIntoPlace(long revision);
}
