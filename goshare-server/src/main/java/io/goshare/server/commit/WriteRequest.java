package io.goshare.server.commit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutations to apply all or none.
 *
 * @param requestId names the request for the dedup window of 10 minutes, or null
 * @param hash of the whole command: a known id with another hash is refused
 * @param sync whether to acknowledge only after the group is on stable storage, whatever the server's durability
 */
public record WriteRequest(
        List<Mutation> mutations, @Nullable String requestId, long hash, boolean sync) {
    public static WriteRequest of(Mutation... mutations) {
        return new WriteRequest(List.of(mutations), null, 0, false);
    }

    boolean givesSpaceBack() {
        return !mutations.isEmpty() && mutations.stream().allMatch(Mutation::givesSpaceBack);
    }

    long bytes() {
        return mutations.stream().mapToLong(Mutation::bytes).sum();
    }
}
