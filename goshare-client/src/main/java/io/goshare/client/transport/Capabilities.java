package io.goshare.client.transport;

/**
 * What a transport can do that another cannot.
 *
 * @param remote whether bytes travel, so that a reply may be lost on the way
 * @param encoded whether {@code encoding=} changes anything
 * @param maxRequestBytes the largest body of a request; {@code Long.MAX_VALUE} without a limit
 * @param maxInFlight requests under way at once on one connection
 */
public record Capabilities(boolean remote, boolean encoded, long maxRequestBytes, int maxInFlight) {}
