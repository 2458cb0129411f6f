package io.goshare.client.batch;

import io.goshare.client.statement.Point;
import io.goshare.protocol.ErrorCode;
import java.util.Optional;

/**
 * A point that is not written and will not be.
 *
 * @param code of the server's refusal; {@link ErrorCode#BUSY} for one let go for want of room
 * @param field what of the point was wrong: {@code path}, {@code time} or {@code value}; empty where none is to blame
 * @param reason for people
 */
public record Rejection(Point point, ErrorCode code, Optional<String> field, String reason) {}
