package io.goshare.protocol.wire.classic;

/** What the first GoShare can do. */
public enum Action {
    READ,
    PUSH,
    DELETE
}
