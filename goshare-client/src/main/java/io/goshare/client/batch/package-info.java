/** Many points in few requests. Open {@link io.goshare.client.batch.BatchWriter} first. */
@NullMarked
package io.goshare.client.batch;

import org.jspecify.annotations.NullMarked;
