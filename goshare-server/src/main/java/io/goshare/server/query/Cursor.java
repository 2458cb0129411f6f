package io.goshare.server.query;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.TreeMap;

/**
 * Where a page ended, so that the next goes on behind it. Opaque to clients: base64url of
 *
 * <pre>
 *   version  1 byte   1
 *   query    4 bytes  hash of the query's parameters: a cursor of another query is refused
 *   now      8 bytes  the clock of the first page, for relative times
 *   place    8 bytes  rows of the series already given, or the time of its next point
 *   lease    8 bytes  number of the snapshot that the first page was read from; 0: none
 *   name     rest     encoded key of the series to go on with
 * </pre>
 */
public record Cursor(int query, long now, long place, long lease, byte[] name) {
    private static final byte VERSION = 1;
    private static final int FIXED = 29;

    /** One without a snapshot. */
    public Cursor(int query, long now, long place, byte[] name) {
        this(query, now, place, 0, name);
    }

    /** The hash of all that decides which rows there are. */
    public static int hash(Command command) {
        TreeMap<String, String> printed = new TreeMap<>(command.printed());
        printed.remove(Param.CURSOR.name());
        printed.remove(Param.LIMIT.name());
        printed.remove(Param.TIMEOUT.name());
        printed.remove(Param.FMT.name());
        return printed.hashCode() * 31 + command.verb().word().hashCode();
    }

    public static Cursor parse(String text, Command command) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
        if (bytes.length < FIXED || bytes[0] != VERSION) {
            throw wrong();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        int query = in.getInt();
        long now = in.getLong();
        long place = in.getLong();
        long lease = in.getLong();
        byte[] name = new byte[in.remaining()];
        in.get(name);
        if (query != hash(command)) {
            throw GoShareException.badField(
                    "cursor", "cursor belongs to another query; send it with the parameters of the page it came with");
        }
        return new Cursor(query, now, place, lease, name);
    }

    /** This with another lease. */
    Cursor on(long newLease) {
        return new Cursor(query, now, place, newLease, name);
    }

    /** The lease has ended: what to send to go on without it. */
    GoShareException expired() {
        return new GoShareException(
                ErrorCode.CURSOR_EXPIRED,
                "the snapshot that cursor reads from has ended, after 60 s or because others needed its place; begin"
                        + " again, or go on as the series are now with cursor=" + on(0));
    }

    private static GoShareException wrong() {
        return GoShareException.badField("cursor", "cursor is none that this server gave; send it back as it came");
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(FIXED + name.length)
                .put(VERSION)
                .putInt(query)
                .putLong(now)
                .putLong(place)
                .putLong(lease)
                .put(name)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
