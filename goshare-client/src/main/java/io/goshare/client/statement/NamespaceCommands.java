package io.goshare.client.statement;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the namespace face, and what their replies mean.
 *
 * @param base the path that the face stands at; empty for the connection's namespace itself
 * @param at the instant that is read; empty for now
 */
record NamespaceCommands(Session session, Optional<Path> base, Optional<Instant> at) {
    Optional<Path> below(String relative) {
        if (relative.isEmpty()) {
            return base;
        }
        Path path = Path.parse(relative);
        return Optional.of(
                base.map(head -> new Namespaces(Optional.of(head)).under(path)).orElse(path));
    }

    /** The path as the server has it. */
    private Path full(String relative) {
        Path path = below(relative).orElseThrow(() -> new IllegalArgumentException("the path is empty; name one"));
        return session.namespace().under(path);
    }

    /** The path whose tree is meant, as the server has it; empty for all there is. */
    private Optional<Path> tree() {
        return base.isPresent()
                ? Optional.of(session.namespace().under(base.get()))
                : session.namespace().prefix();
    }

    private Command face(Verb verb) {
        return session.command(verb).with(Param.FACE, "ns");
    }

    private Command timed(Command command) {
        return at.map(instant -> command.with(Param.AT, Times.text(instant))).orElse(command);
    }

    Command get(String relative) {
        return timed(face(Verb.GET)).with(Param.PATH, full(relative));
    }

    Command put(String relative, Value value) {
        return face(Verb.PUT).with(Param.PATH, full(relative)).with(new Body.Single(value));
    }

    Command putIf(String relative, long revision, Value value) {
        return put(relative, value).with(Param.REV, revision);
    }

    Command putAll(Map<String, Value> values) {
        Table table = Table.of("path", "value");
        values.forEach((path, value) -> table.add(Value.of(full(path).toString()), value));
        return face(Verb.PUT).with(new Body.Rows(table));
    }

    Command delete(String relative) {
        return face(Verb.DEL).with(Param.PATH, full(relative));
    }

    Command deleteTree(Optional<String> confirm) {
        Path path = tree().orElseThrow(() -> new IllegalArgumentException("the whole store is deleted by no call"));
        Command command = face(Verb.DEL).with(Param.PATH, path).with(Param.RECURSIVE, true);
        return confirm.map(given -> command.with(Param.CONFIRM, given)).orElse(command);
    }

    Pages<NamespaceValue> values() {
        Command scan = timed(face(Verb.SCAN));
        return new Pages<>(
                session, tree().map(path -> scan.with(Param.PATH, path)).orElse(scan), this::values);
    }

    Pages<Child> children() {
        Command children = timed(session.command(Verb.CHILDREN));
        return new Pages<>(
                session, tree().map(path -> children.with(Param.PATH, path)).orElse(children), this::children);
    }

    Pages<Row> changes(Verb verb, Instant first, Instant end) {
        Command changes =
                session.command(verb).with(Param.FROM, Times.text(first)).with(Param.TO, Times.text(end));
        return new Pages<>(
                session,
                tree().map(path -> changes.with(Param.PATH, path)).orElse(changes),
                reply -> Row.of(Query.relative(session, Session.table(reply))));
    }

    NamespaceValue value(String relative, Reply reply) {
        return new NamespaceValue(
                below(relative).orElseThrow().toString(),
                Session.single(reply),
                Times.instant(Session.number(reply, "since")),
                Times.instant(Session.number(reply, "last_seen")),
                Session.number(reply, "revision"));
    }

    private List<NamespaceValue> values(Reply reply) {
        Table table = Session.table(reply);
        List<NamespaceValue> values = new ArrayList<>(table.rows().size());
        for (@Nullable Value[] cells : table.rows()) {
            Row row = new Row(table, cells);
            values.add(new NamespaceValue(
                    session.namespace().off(row.path()),
                    row.get("value").orElseThrow(),
                    row.time("since"),
                    row.time("last_seen"),
                    row.integer("revision")));
        }
        return values;
    }

    private List<Child> children(Reply reply) {
        List<Child> children = new ArrayList<>();
        for (Row row : Row.of(Session.table(reply))) {
            children.add(new Child(
                    row.text("name").orElse(""),
                    session.namespace().off(row.path()),
                    isTrue(row, "value"),
                    isTrue(row, "children"),
                    isTrue(row, "series")));
        }
        return children;
    }

    private static boolean isTrue(Row row, String column) {
        return row.text(column).filter("true"::equals).isPresent();
    }
}
