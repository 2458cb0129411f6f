package io.goshare.server.datastore;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Receipt;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.Page;
import io.goshare.server.namespace.Change;
import io.goshare.server.namespace.NamespaceStore;
import io.goshare.server.namespace.NamespaceValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** The namespace face, but for {@link ChildrenCommand}, which shows series too. */
final class NamespaceCommands {
    /** Rows that a drop looks at in one commit. */
    private static final int SLICE = 2_000;

    private final NamespaceStore store;
    private final Writes writes;
    private final LongSupplier now;

    NamespaceCommands(NamespaceStore store, Writes writes, LongSupplier now) {
        this.store = store;
        this.writes = writes;
        this.now = now;
    }

    Reply get(Command command) {
        Optional<Table> many = Requests.table(command);
        if (many.isPresent()) {
            return getMany(command, many.get());
        }
        if (command.require(Param.RECURSIVE)) {
            return scan(command);
        }
        Path path = command.require(Param.PATH);
        NamespaceValue value = store.get(path, Requests.at(command, now.getAsLong()))
                .orElseThrow(() -> new GoShareException(
                        ErrorCode.NOT_FOUND,
                        "there is no value at " + path
                                + (command.has(Param.AT) ? " as of " + command.require(Param.AT) : "")));
        return Reply.of(new Result.Single(value.value()))
                .with("revision", value.last())
                .with("since", value.since())
                .with("last_seen", value.lastSeen());
    }

    private Reply getMany(Command command, Table table) {
        List<Path> paths = paths(table);
        Table found = Table.of("path", "value", "revision");
        List<Optional<NamespaceValue>> values = store.get(paths, Requests.at(command, now.getAsLong()));
        for (int i = 0; i < paths.size(); i++) {
            Optional<NamespaceValue> value = values.get(i);
            found.add(
                    Value.of(paths.get(i).toString()),
                    value.map(NamespaceValue::value).orElse(null),
                    value.map(held -> Value.of(held.last())).orElse(null));
        }
        return Reply.of(found);
    }

    private static List<Path> paths(Table table) {
        List<Path> paths = new ArrayList<>();
        for (byte[] text : Requests.column(table, "path")) {
            paths.add(Requests.path(text, paths.size() + 1));
        }
        return paths;
    }

    Reply scan(Command command) {
        if (command.verb().takes(Param.PREFIX) && command.has(Param.PREFIX)) {
            throw GoShareException.badField("prefix", "the namespace is scanned below a path; send path=…");
        }
        Page<NamespaceValue> page = store.subtree(
                command.get(Param.PATH),
                Requests.at(command, now.getAsLong()),
                Cursors.of(command),
                Requests.page(command));
        Table table = Table.of(List.of(
                new Table.Column("path", Table.Type.VALUE),
                new Table.Column("value", Table.Type.VALUE),
                new Table.Column("since", Table.Type.TIME),
                new Table.Column("last_seen", Table.Type.TIME),
                new Table.Column("revision", Table.Type.VALUE)));
        for (NamespaceValue value : page.rows()) {
            table.add(
                    Value.of(value.path().toString()),
                    value.value(),
                    Value.of(value.since()),
                    Value.of(value.lastSeen()),
                    Value.of(value.last()));
        }
        return Cursors.note(Reply.of(table), command.verb(), page.next());
    }

    CompletableFuture<Reply> put(Command command) {
        if (command.has(Param.EXPIRE)) {
            throw GoShareException.badField("expire", "namespace values do not expire; use face=kv for what does");
        }
        Condition condition = Requests.condition(command);
        Optional<Table> many = Requests.table(command);
        if (many.isEmpty()) {
            return change(
                    command, List.of(new Change.Put(command.require(Param.PATH), Requests.value(command), condition)));
        }
        if (command.has(Param.REV)) {
            throw GoShareException.badField("rev", "rev is of one path; put conditional values one by one");
        }
        List<Change> puts = new ArrayList<>();
        for (Requests.Pair pair : Requests.pairs(many.get(), "path")) {
            puts.add(new Change.Put(Requests.path(pair.key(), puts.size() + 1), Limits.value(pair.value()), condition));
        }
        return change(command, puts);
    }

    private CompletableFuture<Reply> change(Command command, List<Change> changes) {
        return writes.commit(command, List.of(store.change(changes)), receipt -> Reply.done());
    }

    CompletableFuture<Reply> compareAndSet(Command command) {
        KeyValueCommands.conditional(command);
        return put(command);
    }

    CompletableFuture<Reply> delete(Command command) {
        Optional<Table> many = Requests.table(command);
        if (command.require(Param.RECURSIVE)) {
            if (many.isPresent() || command.has(Param.REV)) {
                throw GoShareException.badField("recursive", "a recursive delete takes one path and no rev");
            }
            return deleteTree(command, command.require(Param.PATH));
        }
        List<Path> paths = many.isPresent() ? paths(many.get()) : List.of(command.require(Param.PATH));
        if (paths.size() > 1 && command.has(Param.REV)) {
            throw GoShareException.badField("rev", "rev is of one path; delete conditional values one by one");
        }
        Condition condition = Requests.condition(command);
        List<Change> ends = new ArrayList<>();
        paths.forEach(path -> ends.add(new Change.End(path, condition)));
        return writes.commit(command, List.of(store.change(ends)), receipt -> {
            if (paths.size() > 1) {
                Audit.deleted(command, "values", ended(receipt, 0), receipt.revision());
            }
            return Reply.done().with("deleted", ended(receipt, 0));
        });
    }

    private CompletableFuture<Reply> deleteTree(Command command, Path path) {
        long count = store.count(path, Long.MAX_VALUE);
        Requests.confirmed(command, count, path.toString(), "values");
        return writes.commit(command, List.of(store.change(List.of(new Change.EndTree(path)))), receipt -> {
            long ended = ended(receipt, count);
            Audit.deleted(command, "values", ended, receipt.revision());
            return Reply.done().with("deleted", ended);
        });
    }

    /** How many values ended; where a subtree was cut off, how many there were just before. */
    private static long ended(Receipt receipt, long counted) {
        long told = KeyValueCommands.sum(receipt);
        return told >= NamespaceStore.CUT ? Math.max(counted, told) : told;
    }

    /** Ends what the subtree holds, then removes its history, slice by slice. Takes as long as there is history. */
    Reply drop(Command command) {
        Path path = command.require(Param.PATH);
        long count = store.count(path, Long.MAX_VALUE);
        Requests.confirmed(command, count, path.toString(), "values");
        Receipt ended = writes.await(List.of(store.change(List.of(new Change.EndTree(path)))));
        NamespaceStore.Drop drop = store.drop(path, Math.max(ended.revision(), 0));
        long rows = 0;
        while (!drop.isDone()) {
            rows += KeyValueCommands.sum(writes.await(List.of(drop.next(SLICE))));
        }
        Audit.deleted(command, "rows of values and history", rows, ended.revision());
        return Reply.done().with("deleted", count).with("rows", rows).with("revision", ended.revision());
    }
}
