package io.goshare.protocol.column;

/** Bytes that no encoder here wrote: cut short, changed, or claiming more than the reader allows. */
public final class CorruptColumnException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public CorruptColumnException(String message) {
        super(message);
    }
}
