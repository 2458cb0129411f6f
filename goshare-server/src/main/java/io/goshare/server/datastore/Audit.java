package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line in the log for every delete of more than one key. Names may be secret, so they are told by length and hash.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger("io.goshare.audit");

    private Audit() {}

    static void deleted(Command command, String what, long count, long revision) {
        String names = String.valueOf(command.printed());
        CRC32C hash = new CRC32C();
        hash.update(names.getBytes(StandardCharsets.UTF_8));
        LOG.info(
                "{} took {} {} at revision {} (arguments: {} characters, hash {})",
                command.verb().word(),
                count,
                what,
                revision,
                names.length(),
                Long.toHexString(hash.getValue()));
    }
}
