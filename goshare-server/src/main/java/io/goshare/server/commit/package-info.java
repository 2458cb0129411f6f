/**
 * The one thread that changes a data directory: requests become groups, a group is one engine batch and one log entry.
 * Open {@link Committer} first, then {@link Mutation}.
 */
@NullMarked
package io.goshare.server.commit;

import org.jspecify.annotations.NullMarked;
