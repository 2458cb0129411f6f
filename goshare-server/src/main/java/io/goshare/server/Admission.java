package io.goshare.server;

import io.goshare.protocol.wire.Token;
import io.goshare.server.engine.DirectoryFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in: reads the token, and refuses to serve other hosts without one (an open store is soon a wiped one).
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    /** 256 bits: not to be guessed. */
    private static final int TOKEN_BYTES = 32;

    private Admission() {}

    /**
     * The token of the token file, if one is set; the file is made where it is missing and that was asked for.
     *
     * @throws StartException PERMISSION if it cannot be read or made; REFUSED if others may read it, or it is blank
     */
    static Optional<Token> token(ServerConfig config) {
        if (config.makeToken()) {
            make(config.tokenFile()
                    .orElseThrow(() -> new StartException(
                            ExitCode.USAGE, "make-token needs a place for the token; name it with --token-file")));
        }
        return config.tokenFile().map(Admission::read);
    }

    /** The token's place is logged, the token is not. */
    private static void make(Path file) {
        if (Files.exists(file)) {
            return;
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                DirectoryFiles.createDirectory(directory);
            }
            DirectoryFiles.replace(file, token.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new StartException(ExitCode.PERMISSION, "the token file " + file + " cannot be made: " + e, e);
        }
        LOG.info("made a token, which both doors ask for; it is in {}", file);
    }

    private static Token read(Path file) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new StartException(
                        ExitCode.REFUSED, "the token file " + file + " is open to other users; chmod 600 it");
            }
            return Token.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new StartException(ExitCode.REFUSED, "the token file " + file + " holds no token", e);
        } catch (AccessDeniedException e) {
            throw new StartException(ExitCode.PERMISSION, "the token file " + file + " may not be read", e);
        } catch (IOException e) {
            throw new StartException(ExitCode.USAGE, "the token file " + file + " cannot be read: " + e, e);
        }
    }

    /** @throws StartException REFUSED off loopback without a token, unless that was asked for */
    static void check(ServerConfig config, Optional<Token> token) {
        String address = config.bind().getHostAddress();
        if (token.isPresent() || config.bind().isLoopbackAddress()) {
            return;
        }
        if (!config.insecure()) {
            throw new StartException(
                    ExitCode.REFUSED,
                    "bind " + address + " lets other hosts in without a token; set --token-file, or --insecure"
                            + " to allow it");
        }
        LOG.warn("bound to {} without a token: every host that reaches it may read, write and delete", address);
    }
}
