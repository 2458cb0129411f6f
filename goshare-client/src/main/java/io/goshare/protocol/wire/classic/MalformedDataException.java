package io.goshare.protocol.wire.classic;

/** A push's CSV or JSON that cannot be read; the message is the reason for people. */
final class MalformedDataException extends Exception {
    MalformedDataException(String message) {
        super(message);
    }
}
