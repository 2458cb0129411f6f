package io.goshare.server.commit;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests of the last 10 minutes by their id, so that a retry is answered and not applied again; it survives a
 * restart. At most 1,000,000: further ids are refused as busy, none is forgotten early. For the commit thread only.
 *
 * <pre>
 *   key      'R'  revision (8)  request id (UTF-8)
 *   value    format (1) = 1, milliseconds since 1970 (8), hash (8), outcomes (2),
 *            of each: kind (1), scale (1), word (8), length (4), bytes
 * </pre>
 */
final class RequestWindow {
    static final int MOST = 1_000_000;
    static final long MILLIS = 600_000;

    private static final byte FORMAT = 1;
    /** Rows forgotten in one group at most. */
    private static final int FORGET = 512;

    private record Remembered(long hash, long millis, Receipt receipt) {}

    private final Clock clock;
    private final int most;
    private final LinkedHashMap<String, Remembered> requests = new LinkedHashMap<>();
    private final List<String> inGroup = new ArrayList<>();

    private RequestWindow(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    static RequestWindow open(StorageEngine base, Clock clock) {
        return open(base, clock, MOST);
    }

    /** The window of {@code base}, of {@code most} requests. */
    static RequestWindow open(StorageEngine base, Clock clock, int most) {
        RequestWindow window = new RequestWindow(clock, most);
        base.scan(null, new byte[] {Tables.REQUESTS}, new byte[] {Tables.REQUESTS + 1}, (key, value) -> {
            String id = Text.decode(key, 9, key.length - 9);
            window.requests.put(id, decode(ByteBuffer.wrap(key).getLong(1), value));
            return true;
        });
        return window;
    }

    void beginGroup() {
        inGroup.clear();
    }

    /** The groups's requests stand in the base store now. */
    void groupWritten() {
        inGroup.clear();
    }

    /** The group's requests were not written: they may be tried again. */
    void groupFailed() {
        inGroup.forEach(requests::remove);
        inGroup.clear();
    }

    /**
     * The receipt of {@code request}, if it was applied before.
     *
     * @throws GoShareException REQUEST_MISMATCH if its id came with another content; BUSY if the window is full
     */
    Optional<Receipt> find(WriteRequest request) {
        if (request.requestId() == null) {
            return Optional.empty();
        }
        Remembered known = requests.get(request.requestId());
        if (known == null) {
            if (requests.size() >= most) {
                throw new GoShareException(
                        ErrorCode.BUSY,
                        "more than " + most + " requests with an id came within 10 minutes; try again later");
            }
            return Optional.empty();
        }
        if (known.hash != request.hash()) {
            throw new GoShareException(
                    ErrorCode.REQUEST_MISMATCH,
                    "request id " + request.requestId()
                            + " was used for another request within 10 minutes; take a new id",
                    "request",
                    -1,
                    null);
        }
        return Optional.of(new Receipt(known.receipt.revision(), known.receipt.outcomes(), true));
    }

    /** Adds the row of an accepted request to its staging. */
    void remember(WriteRequest request, Receipt receipt, Staging staging) {
        String id = request.requestId();
        if (id == null) {
            return;
        }
        Remembered remembered = new Remembered(request.hash(), clock.millis(), receipt);
        requests.put(id, remembered);
        inGroup.add(id);
        staging.put(key(staging.revision(), id), encode(remembered));
    }

    /** Deletes rows older than the window, some at a time. */
    void expire(WriteBatch batch) {
        long oldest = clock.millis() - MILLIS;
        Iterator<Map.Entry<String, Remembered>> entries = requests.entrySet().iterator();
        for (int i = 0; i < FORGET && entries.hasNext(); i++) {
            Map.Entry<String, Remembered> entry = entries.next();
            if (entry.getValue().millis > oldest) {
                return;
            }
            batch.delete(key(entry.getValue().receipt.revision(), entry.getKey()));
            entries.remove();
        }
    }

    private static byte[] key(long revision, String id) {
        byte[] text = Text.encode(id);
        return ByteBuffer.allocate(9 + text.length)
                .put(Tables.REQUESTS)
                .putLong(revision)
                .put(text)
                .array();
    }

    private static byte[] encode(Remembered remembered) {
        List<Value> outcomes = remembered.receipt.outcomes();
        int bytes =
                outcomes.stream().mapToInt(value -> 14 + value.bytes().length).sum();
        ByteBuffer out = ByteBuffer.allocate(19 + bytes)
                .put(FORMAT)
                .putLong(remembered.millis)
                .putLong(remembered.hash)
                .putShort((short) outcomes.size());
        for (Value value : outcomes) {
            out.put((byte) value.kind().code())
                    .put((byte) value.scale())
                    .putLong(value.word())
                    .putInt(value.bytes().length)
                    .put(value.bytes());
        }
        return out.array();
    }

    private static Remembered decode(long revision, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        in.get();
        long millis = in.getLong();
        long hash = in.getLong();
        int count = in.getShort() & 0xffff;
        List<Value> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Kind kind = Kind.of(in.get());
            int scale = in.get();
            long word = in.getLong();
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            outcomes.add(Value.fromColumns(kind, scale, word, bytes));
        }
        return new Remembered(hash, millis, new Receipt(revision, outcomes, false));
    }
}
