package io.goshare.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** A bearer token, kept as its SHA-256 and compared in constant time. It never prints. */
public final class Token {
    private final byte[] hash;

    private Token(byte[] hash) {
        this.hash = hash;
    }

    /**
     * The token {@code secret}, white space around it ignored, as files end in a line break.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public static Token of(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("a token must not be blank");
        }
        return new Token(sha256(secret.strip()));
    }

    /** Whether {@code offered} is this token; null is none. */
    public boolean matches(@Nullable String offered) {
        return offered != null && MessageDigest.isEqual(hash, sha256(offered));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Token[hidden]";
    }
}
