package io.goshare.protocol.model;

import org.jspecify.annotations.Nullable;

/**
 * A row that was left out.
 *
 * @param row counted from 1
 * @param field the column that was wrong, or null where the row as a whole was
 * @param reason what was found and what to send instead
 */
public record RejectedRow(long row, @Nullable String field, String reason) {}
