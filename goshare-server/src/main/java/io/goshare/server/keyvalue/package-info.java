/** Keys and values with revisions and expiry, without history. Open {@link KeyValueStore} first. */
@NullMarked
package io.goshare.server.keyvalue;

import org.jspecify.annotations.NullMarked;
