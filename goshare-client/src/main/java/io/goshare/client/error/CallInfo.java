package io.goshare.client.error;

import java.io.Serializable;

/**
 * What is known of a call that failed.
 *
 * @param requestId names the call; where the server remembers requests it is the {@code request=} sent
 * @param endpoint {@code host:port} asked last, or the place of an embedded store
 * @param attempts how often it was sent or tried to be, at least 1
 */
public record CallInfo(String requestId, String endpoint, int attempts) implements Serializable {}
