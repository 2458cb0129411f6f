package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.SeriesKey;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.TimeText;
import io.goshare.protocol.model.Timedot;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.Entry;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.namespace.Change;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.series.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The first GoShare's push, read and delete. Its namespace keys and its points were one: so what ends in a whole,
 * canonical timedot is a point, all else a namespace value, and reads and deletes take both.
 */
final class ClassicCommands {
    private static final int QUICK_KEYS = 16;

    private final KeyValueStore keyValues;
    private final NamespaceStore namespace;
    private final SeriesStore series;
    private final Writes writes;
    private final LongSupplier now;

    ClassicCommands(
            KeyValueStore keyValues, NamespaceStore namespace, SeriesStore series, Writes writes, LongSupplier now) {
        this.keyValues = keyValues;
        this.namespace = namespace;
        this.series = series;
        this.writes = writes;
        this.now = now;
    }

    CompletableFuture<Reply> push(Command command) {
        Table table = Requests.table(command)
                .orElseThrow(() -> GoShareException.badField("body", "push needs rows key,value as its body"));
        List<Requests.Pair> pairs = Requests.pairs(table, "key");
        List<Mutation> mutations = new ArrayList<>();
        if (command.require(Param.TYPE).equals("default")) {
            for (Requests.Pair pair : pairs) {
                mutations.add(
                        keyValues.put(pair.key(), inferred(pair.value()), OptionalLong.empty(), Condition.none()));
            }
        } else {
            byte[] suffix = suffix(command);
            List<Change> changes = new ArrayList<>();
            PointBatch.Builder points = new PointBatch.Builder(pairs.size());
            for (Requests.Pair pair : pairs) {
                Path path = Path.classic(joined(pair.key(), suffix));
                OptionalLong time = Timedot.tail(path);
                if (time.isPresent()) {
                    points.add(SeriesKey.of(Timedot.withoutTail(path)), time.getAsLong(), inferred(pair.value()));
                } else {
                    changes.add(new Change.Put(path, inferred(pair.value()), Condition.none()));
                }
            }
            if (!changes.isEmpty()) {
                mutations.add(namespace.change(changes));
            }
            if (points.rows() > 0) {
                mutations.add(series.points(points.build()));
            }
        }
        return writes.commit(command, mutations, receipt -> Reply.done());
    }

    private static Value inferred(Value value) {
        return value.kind() == Kind.TEXT ? Value.infer(value.bytes()) : value;
    }

    /** What stands behind each key: the server's second for {@code now}, the time asked for by {@code tsds}. */
    private byte[] suffix(Command command) {
        boolean isNow = command.require(Param.TYPE).equals("now");
        if (!isNow && !command.has(Param.TIME)) {
            return new byte[0];
        }
        long time = now.getAsLong();
        if (isNow) {
            time -= Math.floorMod(time, 1_000_000_000L);
        } else {
            String text = command.require(Param.TIME);
            try {
                time = Requests.instant("time", TimeText.parse(text), time, ZoneOffset.UTC);
            } catch (IllegalArgumentException e) {
                throw GoShareException.badField("time", "time=" + text + " " + e.getMessage());
            }
        }
        return (":" + Timedot.print(time)).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] joined(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    private static List<byte[]> keys(Command command) {
        return Requests.table(command)
                .map(table -> Requests.column(table, "key"))
                .orElseGet(() -> List.of(Requests.text("key", command.require(Param.KEY))));
    }

    private static boolean isTree(Command command) {
        String type = command.require(Param.TYPE);
        return type.equals("ns") || type.equals("tsds");
    }

    /** All that was found, in the order asked for; no rows if nothing was. */
    Reply read(Command command) {
        return readTree(command, false).orElseThrow(() -> new GoShareException(ErrorCode.INTERNAL, "a read went on"));
    }

    /** The same, or empty if it would take too long for the caller's thread. */
    Optional<Reply> readIfQuick(Command command) {
        return readTree(command, true);
    }

    private Optional<Reply> readTree(Command command, boolean quickly) {
        List<byte[]> keys = keys(command);
        if (quickly && keys.size() > QUICK_KEYS) {
            return Optional.empty();
        }
        Table table = Table.of("key", "value");
        if (!isTree(command)) {
            List<Optional<Entry>> entries = keyValues.get(keys);
            for (int i = 0; i < keys.size(); i++) {
                byte[] key = keys.get(i);
                entries.get(i).ifPresent(entry -> add(table, key, entry.value()));
            }
            return Optional.of(Reply.of(table));
        }
        TreeRead read = new TreeRead(namespace, series, table, quickly);
        for (byte[] key : keys) {
            if (!read.add(Path.classic(key))) {
                return Optional.empty();
            }
        }
        return Optional.of(Reply.of(table));
    }

    /** An empty value reads as missing there. */
    static void add(Table table, byte[] key, Value value) {
        if (!value.kind().isBytes() || value.bytes().length > 0) {
            table.add(Value.text(key), value);
        }
    }

    CompletableFuture<Reply> delete(Command command) {
        List<byte[]> keys = keys(command);
        List<Mutation> mutations = new ArrayList<>();
        if (isTree(command)) {
            List<Change> changes = new ArrayList<>();
            for (byte[] key : keys) {
                Path path = Path.classic(key);
                changes.add(new Change.EndTree(path));
                mutations.add(series.erase(TreeRead.untagged(path), TimeRange.ALL));
                for (TreeRead.Span span : TreeRead.spans(path)) {
                    mutations.add(series.erase(span.filter(), span.range()));
                }
            }
            mutations.add(namespace.change(changes));
        } else {
            keys.forEach(key -> mutations.add(keyValues.delete(key, Condition.none())));
        }
        return writes.commit(command, mutations, receipt -> {
            long count = KeyValueCommands.sum(receipt);
            if (count > 1) {
                Audit.deleted(command, "keys or series", count, receipt.revision());
            }
            return Reply.done().with("deleted", count);
        });
    }
}
