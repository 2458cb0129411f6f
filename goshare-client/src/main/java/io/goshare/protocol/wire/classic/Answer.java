package io.goshare.protocol.wire.classic;

/**
 * A reply in the first GoShare's bytes.
 *
 * @param status the HTTP number; over ZeroMQ only the body travels
 */
public record Answer(int status, String contentType, byte[] body) {}
