package io.goshare.server.commit;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Remembers requests by their id for 10 minutes, so that a repeated one is answered and not done again. Commit thread
 * only. docs/storage-format.md, "Requests".
 *
 * <pre>
 *   key      'R'  revision (8)  request id (UTF-8)
 *   value    format (1) = 1, time (8, nanoseconds since 1970), hash of the command (8), outcomes (4), then for each:
 *            kind code (1) scale (1) word (8) length (4) bytes                                       big-endian
 * </pre>
 */
final class RequestWindow {
    static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final byte FORMAT = 1;
    private static final int FORGOTTEN_PER_GROUP = 1000;

    private record Known(long revision, long time, long hash, List<Value> outcomes) {}

    private final int limit;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final List<String> ofGroup = new ArrayList<>();

    private RequestWindow(int limit) {
        this.limit = limit;
    }

    /** The requests remembered in {@code base}; above {@code limit} of them new ids are refused. */
    static RequestWindow open(StorageEngine base, int limit) {
        RequestWindow window = new RequestWindow(limit);
        byte[] table = {Tables.REQUESTS};
        base.scan(null, table, Tables.behind(table), (key, value) -> {
            String id = new String(key, 9, key.length - 9, StandardCharsets.UTF_8);
            window.known.put(id, decode(ByteBuffer.wrap(key).getLong(1), value));
            return true;
        });
        return window;
    }

    void beginGroup() {
        ofGroup.clear();
    }

    /**
     * The receipt of the request if it is a repeated one.
     *
     * @throws GoShareException {@code request_mismatch} if its id stood for another command; {@code busy} if no new id
     *     can be remembered
     */
    Optional<Receipt> find(WriteRequest request, long now) {
        String id = request.requestId();
        if (id == null) {
            return Optional.empty();
        }
        Known before = known.get(id);
        if (before == null || isOld(before, now)) {
            if (before == null && known.size() >= limit) {
                throw new GoShareException(
                        ErrorCode.BUSY,
                        limit + " request ids are remembered, and each for 10 minutes; try again shortly, or send fewer"
                                + " requests with an id");
            }
            return Optional.empty();
        }
        if (before.hash != request.hash()) {
            throw new GoShareException(
                    ErrorCode.REQUEST_MISMATCH,
                    "request id " + id + " was used for another command; give each command an id of its own");
        }
        return Optional.of(new Receipt(before.revision, before.outcomes, true));
    }

    private static boolean isOld(Known request, long now) {
        return now - request.time > REMEMBERED_NANOS;
    }

    /** Remembers a request that was just judged, if it has an id. */
    void remember(WriteRequest request, Receipt receipt, Staging staging) {
        String id = request.requestId();
        if (id != null) {
            Known old = known.remove(id);
            if (old != null) {
                staging.delete(key(old.revision, id));
            }
            Known now = new Known(receipt.revision(), staging.now(), request.hash(), receipt.outcomes());
            staging.put(key(now.revision, id), encode(now));
            known.put(id, now);
            ofGroup.add(id);
        }
    }

    /** Adds the deletion of requests too old to be repeated, at most 1,000 a group. */
    void expire(WriteBatch batch, long now) {
        Iterator<Map.Entry<String, Known>> oldest = known.entrySet().iterator();
        for (int i = 0; i < FORGOTTEN_PER_GROUP && oldest.hasNext(); i++) {
            Map.Entry<String, Known> entry = oldest.next();
            if (!isOld(entry.getValue(), now)) {
                return;
            }
            batch.delete(key(entry.getValue().revision, entry.getKey()));
            oldest.remove();
        }
    }

    /** Forgets the requests of a group that was not written. */
    void groupFailed() {
        ofGroup.forEach(known::remove);
    }

    int size() {
        return known.size();
    }

    private static byte[] key(long revision, String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(9 + text.length)
                .put(Tables.REQUESTS)
                .putLong(revision)
                .put(text)
                .array();
    }

    private static byte[] encode(Known request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(21)
                .put(FORMAT)
                .putLong(request.time)
                .putLong(request.hash)
                .putInt(request.outcomes.size())
                .array());
        for (Value outcome : request.outcomes) {
            out.writeBytes(ByteBuffer.allocate(14)
                    .put((byte) outcome.kind().code())
                    .put((byte) outcome.scale())
                    .putLong(outcome.word())
                    .putInt(outcome.bytes().length)
                    .array());
            out.writeBytes(outcome.bytes());
        }
        return out.toByteArray();
    }

    private static Known decode(long revision, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (in.get() != FORMAT) {
            throw new EngineException(
                    EngineException.Reason.DAMAGED,
                    "the remembered request of revision " + revision + " is of an unknown format; run verify");
        }
        long time = in.getLong();
        long hash = in.getLong();
        List<Value> outcomes = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            Kind kind = Kind.of(in.get());
            int scale = in.get();
            long word = in.getLong();
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            outcomes.add(Value.fromColumns(kind, scale, word, bytes));
        }
        return new Known(revision, time, hash, List.copyOf(outcomes));
    }
}
