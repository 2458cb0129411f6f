package io.goshare.client.transport;

/**
 * Makes transports of some schemes of connection URLs; found by {@link java.util.ServiceLoader}. Of several for one
 * scheme the one of the highest {@link #priority} serves. Its class must load without the library it stands on.
 */
public interface TransportProvider {
    /** Whether it makes transports of {@code scheme}, such as {@code http}. */
    boolean supports(String scheme);

    /** 0 for those that come with GoShare. */
    default int priority() {
        return 0;
    }

    /** The port where a URL names none; 0 if the scheme has no hosts but one place, as a file. */
    int defaultPort();

    /**
     * A transport to {@code target}, which the caller closes. Connects with the first command.
     *
     * @throws io.goshare.protocol.GoShareException if it cannot be made
     */
    Transport open(Target target);
}
