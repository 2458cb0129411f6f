package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import io.goshare.protocol.ErrorCode;

/**
 * A point that is not written and will not be.
 *
 * @param code of the server's refusal; {@link ErrorCode#BUSY} for one let go for want of room
 * @param reason for people
 */
public record Rejection(Point point, ErrorCode code, String reason) {}
