package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.Entry;
import io.goshare.server.keyvalue.KeyValueStore;
import io.goshare.server.keyvalue.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** The key-value face. */
final class KeyValueCommands {
    private final KeyValueStore store;
    private final Writes writes;

    KeyValueCommands(KeyValueStore store, Writes writes) {
        this.store = store;
        this.writes = writes;
    }

    Reply get(Command command) {
        Optional<Table> many = Requests.table(command);
        if (many.isPresent()) {
            return getMany(Requests.column(many.get(), "key"));
        }
        byte[] key = Requests.key(command);
        Entry entry = store.get(key)
                .orElseThrow(() ->
                        new GoShareException(ErrorCode.NOT_FOUND, "there is no key " + command.require(Param.KEY)));
        Reply reply = Reply.of(new Result.Single(entry.value())).with("revision", entry.revision());
        return entry.expires() == Entry.NEVER ? reply : reply.with("expires", entry.expires());
    }

    private Reply getMany(List<byte[]> keys) {
        keys.forEach(Limits::key);
        Table table = Table.of("key", "value", "revision");
        List<Optional<Entry>> entries = store.get(keys);
        for (int i = 0; i < keys.size(); i++) {
            Optional<Entry> entry = entries.get(i);
            table.add(
                    Value.text(keys.get(i)),
                    entry.map(Entry::value).orElse(null),
                    entry.map(found -> Value.of(found.revision())).orElse(null));
        }
        return Reply.of(table);
    }

    CompletableFuture<Reply> put(Command command) {
        OptionalLong lifetime = Requests.lifetime(command);
        Condition condition = Requests.condition(command);
        Optional<Table> many = Requests.table(command);
        if (many.isEmpty()) {
            Mutation put = store.put(Requests.key(command), Requests.value(command), lifetime, condition);
            return writes.commit(command, List.of(put), receipt -> Reply.done());
        }
        if (command.has(Param.REV)) {
            throw GoShareException.badField("rev", "rev is of one key; put conditional keys one by one");
        }
        List<Mutation> puts = new ArrayList<>();
        for (Requests.Pair pair : Requests.pairs(many.get(), "key")) {
            puts.add(store.put(Limits.key(pair.key()), Limits.value(pair.value()), lifetime, condition));
        }
        return writes.commit(command, puts, receipt -> Reply.done());
    }

    CompletableFuture<Reply> delete(Command command) {
        if (command.require(Param.RECURSIVE)) {
            throw GoShareException.badField("recursive", "keys are no tree; delete them by name, or use face=ns");
        }
        Condition condition = Requests.condition(command);
        Optional<Table> many = Requests.table(command);
        List<byte[]> keys = many.isPresent() ? Requests.column(many.get(), "key") : List.of(Requests.key(command));
        if (keys.size() > 1 && command.has(Param.REV)) {
            throw GoShareException.badField("rev", "rev is of one key; delete conditional keys one by one");
        }
        List<Mutation> deletes = new ArrayList<>();
        keys.forEach(key -> deletes.add(store.delete(Limits.key(key), condition)));
        return writes.commit(command, deletes, receipt -> {
            long deleted = sum(receipt);
            if (keys.size() > 1) {
                Audit.deleted(command, "keys", deleted, receipt.revision());
            }
            return Reply.done().with("deleted", deleted);
        });
    }

    static long sum(Receipt receipt) {
        return receipt.outcomes().stream().mapToLong(Value::word).sum();
    }

    CompletableFuture<Reply> compareAndSet(Command command) {
        conditional(command);
        Mutation put = store.put(
                Requests.key(command),
                Requests.value(command),
                Requests.lifetime(command),
                Requests.condition(command));
        return writes.commit(command, List.of(put), receipt -> Reply.done());
    }

    static void conditional(Command command) {
        if (!command.has(Param.REV) && !command.has(Param.EXPECT)) {
            throw GoShareException.badField(
                    "expect", "cas needs a condition; send expect=… or rev=… (0: does not exist)");
        }
        if (Requests.table(command).isPresent()) {
            throw GoShareException.badField("value", "cas takes one value; send a cas for each key");
        }
    }

    CompletableFuture<Reply> increment(Command command) {
        Mutation increment =
                store.increment(Requests.key(command), command.require(Param.DELTA), Requests.lifetime(command));
        return writes.commit(
                command,
                List.of(increment),
                receipt -> Reply.of(new Result.Single(receipt.outcomes().get(0))));
    }

    Reply scan(Command command) {
        byte[] prefix = Requests.text("prefix", command.get(Param.PREFIX).orElse(""));
        byte[] from = Cursors.of(command).orElse(prefix);
        Page<KeyValueStore.Row> page = store.scan(prefix, from, Requests.page(command));
        Table table = Table.of(List.of(
                new Table.Column("key", Table.Type.VALUE),
                new Table.Column("value", Table.Type.VALUE),
                new Table.Column("revision", Table.Type.VALUE),
                new Table.Column("expires", Table.Type.TIME)));
        for (KeyValueStore.Row row : page.rows()) {
            Entry entry = row.entry();
            table.add(
                    Value.text(row.key()),
                    entry.value(),
                    Value.of(entry.revision()),
                    entry.expires() == Entry.NEVER ? null : Value.of(entry.expires()));
        }
        return Cursors.note(Reply.of(table), command.verb(), page.next());
    }
}
