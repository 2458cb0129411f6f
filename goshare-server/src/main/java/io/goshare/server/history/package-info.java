/**
 * What changed, and when: logs, differences between two instants, what happened around one. Open HistoryService first.
 */
@NullMarked
package io.goshare.server.history;

import org.jspecify.annotations.NullMarked;
