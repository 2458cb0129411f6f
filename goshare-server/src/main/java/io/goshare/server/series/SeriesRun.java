package io.goshare.server.series;

import io.goshare.protocol.column.ByteSink;
import io.goshare.protocol.column.ByteSource;
import io.goshare.server.commit.Tables;
import io.goshare.server.engine.EngineException;
import io.goshare.server.engine.StorageEngine;
import io.goshare.server.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Ids of series in the order of their names, in parts of 1,024; docs/storage-format.md, "Series order". Immutable.
 *
 * <pre>
 *   key      'O'  run (8)  part (4)                                       big-endian
 *   value    format (1) = 1; first name: varint length, bytes; ids: varint count, then zig-zag differences
 * </pre>
 */
record SeriesRun(long number, List<Part> parts) {
    static final int PART = 1024;

    private static final int FORMAT = 1;

    /** Where a part begins and how many ids it holds. */
    record Part(byte[] firstName, int count) {}

    int size() {
        return parts.stream().mapToInt(Part::count).sum();
    }

    private static byte[] key(long run, int part) {
        return ByteBuffer.allocate(13)
                .put(Tables.SERIES_ORDER)
                .putLong(run)
                .putInt(part)
                .array();
    }

    /** Adds the rows of a run of these ids, which are sorted by name. */
    static SeriesRun write(long number, int[] ids, List<byte[]> names, WriteBatch batch) {
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < ids.length; from += PART) {
            int to = Math.min(from + PART, ids.length);
            byte[] first = names.get(from);
            ByteSink out = new ByteSink();
            out.put(FORMAT).putVarint(first.length).put(first).putVarint(to - from);
            int before = 0;
            for (int i = from; i < to; i++) {
                out.putZigZag(ids[i] - before);
                before = ids[i];
            }
            batch.put(key(number, parts.size()), out.toByteArray());
            parts.add(new Part(first, to - from));
        }
        return new SeriesRun(number, List.copyOf(parts));
    }

    void delete(WriteBatch batch) {
        for (int part = 0; part < parts.size(); part++) {
            batch.delete(key(number, part));
        }
    }

    static List<SeriesRun> readAll(StorageEngine base) {
        List<SeriesRun> runs = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        long[] number = {-1};
        byte[] table = {Tables.SERIES_ORDER};
        base.scan(null, table, Tables.behind(table), (key, value) -> {
            long run = ByteBuffer.wrap(key).getLong(1);
            if (run != number[0] && !parts.isEmpty()) {
                runs.add(new SeriesRun(number[0], List.copyOf(parts)));
                parts.clear();
            }
            number[0] = run;
            ByteSource in = open(value);
            int length = in.count(in.remaining());
            int start = in.take(length);
            parts.add(new Part(Arrays.copyOfRange(value, start, start + length), in.count(PART)));
            return true;
        });
        if (!parts.isEmpty()) {
            runs.add(new SeriesRun(number[0], List.copyOf(parts)));
        }
        return runs;
    }

    private static ByteSource open(byte[] value) {
        ByteSource in = new ByteSource(value, 0, value.length);
        if (in.get() != FORMAT) {
            throw new EngineException(EngineException.Reason.DAMAGED, "a run of series is of an unknown format");
        }
        return in;
    }

    /** The ids of part {@code part}; empty if it has no row. */
    Optional<int[]> ids(StorageEngine base, int part) {
        return base.get(key(number, part)).map(SeriesRun::decode);
    }

    private static int[] decode(byte[] value) {
        ByteSource in = open(value);
        in.take(in.count(in.remaining()));
        int[] ids = new int[in.count(PART)];
        int id = 0;
        for (int i = 0; i < ids.length; i++) {
            id += (int) in.zigZag();
            ids[i] = id;
        }
        return ids;
    }

    /** The part where names from {@code name} on begin, or the one before where it might. */
    int partOf(byte[] name) {
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Arrays.compareUnsigned(parts.get(middle).firstName(), name) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }
}
