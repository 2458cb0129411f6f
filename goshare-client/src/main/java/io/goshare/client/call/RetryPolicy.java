package io.goshare.client.call;

/**
 * How long and how often is tried.
 *
 * @param timeoutNanos of a call that names none, all attempts and pauses together
 * @param attemptNanos of one attempt
 * @param retries attempts after the first
 */
public record RetryPolicy(long timeoutNanos, long attemptNanos, int retries) {}
