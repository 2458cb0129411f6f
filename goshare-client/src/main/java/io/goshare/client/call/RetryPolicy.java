package io.goshare.client.call;

import java.util.OptionalLong;

/**
 * How long and how often is tried.
 *
 * @param timeoutNanos of a call that names none, all attempts and pauses together
 * @param attemptNanos of one attempt; empty for what is left of the call, shared among the hosts it has not left yet
 * @param retries attempts after the first
 */
public record RetryPolicy(long timeoutNanos, OptionalLong attemptNanos, int retries) {}
