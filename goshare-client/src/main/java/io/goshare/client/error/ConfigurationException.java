package io.goshare.client.error;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import org.jspecify.annotations.Nullable;

/** A connection URL or setting that cannot be used; {@link #field} names the key, the message the remedy. */
public final class ConfigurationException extends GoShareException {
    private static final long serialVersionUID = 1L;

    /** @param key the setting that was wrong, or null for the URL as a whole */
    public ConfigurationException(@Nullable String key, String message, @Nullable Throwable cause) {
        super(ErrorCode.BAD_REQUEST, message, key, -1, cause);
    }

    public ConfigurationException(@Nullable String key, String message) {
        this(key, message, null);
    }
}
