package io.goshare.server;

/** How the process ends; the numbers of sysexits.h where it has one. */
public enum ExitCode {
    OK(0),
    /** A verb was refused by the server, or the server cannot be reached. */
    FAILED(1),
    USAGE(2),
    /** {@code status} found no server. */
    NOT_RUNNING(3),
    PORT_IN_USE(69),
    LOCKED(73),
    DAMAGED(74),
    PERMISSION(77),
    /** What was asked is not safe, or the directory is not ours. */
    REFUSED(78);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
