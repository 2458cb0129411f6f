package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Verb;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the next page goes on, as an opaque word: base64url of a byte for the verb and the key that stands next. It is
 * a place, not a lease: the next page shows what is there by then.
 */
final class Cursors {
    private Cursors() {}

    /** {@code reply} with the note {@code cursor}, if there is more. */
    static Reply note(Reply reply, Verb verb, Optional<byte[]> next) {
        return next.map(place -> reply.with("cursor", print(verb, place))).orElse(reply);
    }

    private static String print(Verb verb, byte[] place) {
        byte[] token = new byte[place.length + 1];
        token[0] = letter(verb);
        System.arraycopy(place, 0, token, 1, place.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The place that the command's cursor names. */
    static Optional<byte[]> of(Command command) {
        return command.get(Param.CURSOR).map(text -> parse(command.verb(), text));
    }

    private static byte[] parse(Verb verb, String text) {
        byte[] token;
        try {
            token = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw refused(verb);
        }
        if (token.length == 0 || token[0] != letter(verb)) {
            throw refused(verb);
        }
        return Arrays.copyOfRange(token, 1, token.length);
    }

    private static GoShareException refused(Verb verb) {
        return GoShareException.badField(
                "cursor", "the cursor is none that " + verb.word() + " gave; begin again without one");
    }

    private static byte letter(Verb verb) {
        return (byte) (verb.word().charAt(0) * 31 + verb.word().charAt(1));
    }
}
