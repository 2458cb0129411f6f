/**
 * Subscriptions: one thread follows the log of series and the changes of the namespace, and tells each subscriber what
 * it selected. Open {@link Watches} first; docs/watch.md, docs/adr/0007-watch-reads-the-log.md.
 */
@NullMarked
package io.goshare.server.watch;

import org.jspecify.annotations.NullMarked;
