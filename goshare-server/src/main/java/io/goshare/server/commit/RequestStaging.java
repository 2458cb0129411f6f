package io.goshare.server.commit;

import io.goshare.server.engine.RowVisitor;
import io.goshare.server.engine.StorageEngine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Staged rows of one request above those of its group, above the base store. */
final class RequestStaging implements Staging {
    private final StorageEngine base;
    private final NavigableMap<byte[], Optional<byte[]>> group;
    private final NavigableMap<byte[], Optional<byte[]>> own = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Runnable> applies = new ArrayList<>();
    private final ByteArrayOutputStream operations = new ByteArrayOutputStream();
    private final long revision;
    private final long now;

    RequestStaging(StorageEngine base, NavigableMap<byte[], Optional<byte[]>> group, long revision, long now) {
        this.base = base;
        this.group = group;
        this.revision = revision;
        this.now = now;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
        Optional<byte[]> staged = own.get(key);
        if (staged == null) {
            staged = group.get(key);
        }
        return staged == null ? base.get(key) : staged;
    }

    @Override
    public void scan(byte[] from, byte @Nullable [] to, RowVisitor rows) {
        NavigableMap<byte[], Optional<byte[]>> staged = new TreeMap<>(Arrays::compareUnsigned);
        staged.putAll(range(group, from, to));
        staged.putAll(range(own, from, to));
        boolean[] more = {true};
        base.scan(null, from, to, (key, value) -> {
            Map.Entry<byte[], Optional<byte[]>> before;
            while ((before = staged.firstEntry()) != null && Arrays.compareUnsigned(before.getKey(), key) < 0) {
                staged.pollFirstEntry();
                more[0] = before.getValue().isEmpty()
                        || rows.row(before.getKey(), before.getValue().get());
                if (!more[0]) {
                    return false;
                }
            }
            Optional<byte[]> over = staged.remove(key);
            byte[] shown = over == null ? value : over.orElse(null);
            more[0] = shown == null || rows.row(key, shown);
            return more[0];
        });
        for (Map.Entry<byte[], Optional<byte[]>> row : staged.entrySet()) {
            if (!more[0]) {
                return;
            }
            more[0] = row.getValue().isEmpty()
                    || rows.row(row.getKey(), row.getValue().get());
        }
    }

    private static Map<byte[], Optional<byte[]>> range(
            NavigableMap<byte[], Optional<byte[]>> rows, byte[] from, byte @Nullable [] to) {
        return to == null ? rows.tailMap(from, true) : rows.subMap(from, true, to, false);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        own.put(key, Optional.of(value));
    }

    @Override
    public void delete(byte[] key) {
        own.put(key, Optional.empty());
    }

    @Override
    public void log(byte tag, byte[] payload) {
        LogEntry.append(operations, revision, tag, payload);
    }

    @Override
    public void afterWrite(Runnable apply) {
        applies.add(apply);
    }

    boolean changesNothing() {
        return own.isEmpty() && operations.size() == 0 && applies.isEmpty();
    }

    /** Adds all of it to the group. */
    void accept(ByteArrayOutputStream groupOperations, List<Runnable> groupApplies) {
        group.putAll(own);
        groupOperations.writeBytes(operations.toByteArray());
        groupApplies.addAll(applies);
    }
}
