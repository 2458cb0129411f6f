package io.goshare.client.statement;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands of the key-value face, and what their replies mean. */
record KvCommands(Session session, Optional<Duration> lifetime) {
    Command get(String key) {
        return session.command(Verb.GET).with(Param.KEY, key);
    }

    Command put(String key, Value value) {
        return expiring(session.command(Verb.PUT)).with(Param.KEY, key).with(new Body.Single(value));
    }

    private Command expiring(Command command) {
        return lifetime.map(given -> command.with(Param.EXPIRE, given.toNanos()))
                .orElse(command);
    }

    Command putAll(Map<String, Value> values) {
        Table table = Table.of("key", "value");
        values.forEach((key, value) -> table.add(Value.of(key), value));
        return expiring(session.command(Verb.PUT)).with(new Body.Rows(table));
    }

    Command putIf(String key, long revision, Value value) {
        return put(key, value).with(Param.REV, revision);
    }

    Command compareAndSet(String key, Value expected, Value value) {
        return expiring(session.command(Verb.CAS))
                .with(Param.KEY, key)
                .with(Param.EXPECT, expected.asText())
                .with(new Body.Single(value));
    }

    Command increment(String key, long delta) {
        return expiring(session.command(Verb.INCR)).with(Param.KEY, key).with(Param.DELTA, delta);
    }

    Command delete(String key) {
        return session.command(Verb.DEL).with(Param.KEY, key);
    }

    private static Body keys(Collection<String> keys) {
        Table table = Table.of("key");
        keys.forEach(key -> table.add(Value.of(key)));
        return new Body.Rows(table);
    }

    Command getAll(Collection<String> keys) {
        return session.command(Verb.GET).with(keys(keys));
    }

    Command deleteAll(Collection<String> keys) {
        return session.command(Verb.DEL).with(keys(keys));
    }

    Pages<KeyValue> scan(String prefix) {
        Command scan = session.command(Verb.SCAN);
        return new Pages<>(session, prefix.isEmpty() ? scan : scan.with(Param.PREFIX, prefix), KvCommands::entries);
    }

    static KeyValue entry(String key, Reply reply) {
        Optional<String> expires = Optional.ofNullable(reply.notes().get("expires"));
        return new KeyValue(
                key,
                Session.single(reply),
                Session.number(reply, "revision"),
                expires.map(nanos -> Times.instant(Long.parseLong(nanos))));
    }

    /** Rows that hold a value, in their order. */
    static List<KeyValue> entries(Reply reply) {
        Table table = Session.table(reply);
        int expires = table.column("expires");
        List<KeyValue> entries = new ArrayList<>(table.rows().size());
        for (@Nullable Value[] row : table.rows()) {
            Value key = row[table.column("key")];
            Value value = row[table.column("value")];
            Value revision = row[table.column("revision")];
            Value end = expires < 0 ? null : row[expires];
            if (key != null && value != null && revision != null) {
                entries.add(new KeyValue(
                        key.asText(),
                        value,
                        revision.word(),
                        end == null || end.word() == Long.MAX_VALUE
                                ? Optional.empty()
                                : Optional.of(Times.instant(end.word()))));
            }
        }
        return entries;
    }

    static Map<String, Value> values(Reply reply) {
        Map<String, Value> values = new LinkedHashMap<>();
        entries(reply).forEach(entry -> values.put(entry.key(), entry.value()));
        return values;
    }

    static long revision(Reply reply) {
        return Session.number(reply, "revision");
    }

    static long deleted(Reply reply) {
        return Session.number(reply, "deleted");
    }
}
