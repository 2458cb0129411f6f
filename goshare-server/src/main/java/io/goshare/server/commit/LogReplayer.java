package io.goshare.server.commit;

/** Applies logged operations again when a data directory is opened. */
public interface LogReplayer {
    /** Whether operations of this tag are its own. */
    boolean owns(byte tag);

    /** Applies one operation; operations come in the order they were committed, from one thread. */
    void replay(long revision, byte tag, byte[] payload);
}
