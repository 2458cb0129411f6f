/** The tree of names whose values keep their history. Open {@link NamespaceStore} first. */
@NullMarked
package io.goshare.server.namespace;

import org.jspecify.annotations.NullMarked;
