package io.goshare.client.statement;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The key-value face: keys of up to 4,096 bytes, values of up to 1 MiB. Each call waits for its reply and throws a
 * {@link io.goshare.client.error.CallException}. A retry never applies a change twice. Immutable, safe for many
 * threads.
 */
public final class Kv {
    private final KvCommands commands;

    /** Made by {@link io.goshare.client.GoShare#kv}. */
    public Kv(Session session) {
        this(new KvCommands(session, Optional.empty()));
    }

    private Kv(KvCommands commands) {
        this.commands = commands;
    }

    private Session session() {
        return commands.session();
    }

    /** The same calls with futures. */
    public AsyncKv async() {
        return new AsyncKv(commands);
    }

    /** The same face with {@code timeout} as each call's deadline. */
    public Kv within(Duration timeout) {
        return new Kv(new KvCommands(session().within(timeout), commands.lifetime()));
    }

    /** The same face, whose puts, compare-and-sets and increments let the key expire after {@code lifetime}. */
    public Kv expiring(Duration lifetime) {
        return new Kv(new KvCommands(session(), Optional.of(lifetime)));
    }

    /** What {@code key} holds; empty if it does not exist. */
    public Optional<Value> get(String key) {
        return entry(key).map(KeyValue::value);
    }

    /** The same as text; numbers as they print. */
    public Optional<String> text(String key) {
        return get(key).map(Value::asText);
    }

    /** What {@code key} holds, with its revision and when it expires. */
    public Optional<KeyValue> entry(String key) {
        return session()
                .call(
                        commands.get(key),
                        reply -> Optional.of(KvCommands.entry(key, reply)),
                        ErrorCode.NOT_FOUND,
                        Optional.empty());
    }

    /** Those of {@code keys} that exist, in the order asked for; nothing is asked for no keys. */
    public Map<String, Value> getAll(Collection<String> keys) {
        return keys.isEmpty() ? Map.of() : session().call(commands.getAll(keys), KvCommands::values);
    }

    /** Stores a value; returns the revision. */
    public long put(String key, Value value) {
        return session().call(commands.put(key, value), KvCommands::revision);
    }

    public long put(String key, String text) {
        return put(key, Value.of(text));
    }

    public long put(String key, long number) {
        return put(key, Value.of(number));
    }

    public long put(String key, double number) {
        return put(key, Value.of(number));
    }

    public long put(String key, boolean flag) {
        return put(key, Value.of(flag));
    }

    public long put(String key, byte[] bytes) {
        return put(key, Value.of(bytes.clone()));
    }

    /** Stores all or nothing; returns the revision, 0 for no values, which are not sent. */
    public long putAll(Map<String, Value> values) {
        return values.isEmpty() ? 0 : session().call(commands.putAll(values), KvCommands::revision);
    }

    /** Stores a value if the key does not exist; returns whether it was stored. */
    public boolean putIfAbsent(String key, Value value) {
        return putIfRevision(key, 0, value);
    }

    /** Stores a value if the key stands at {@code revision} (0: does not exist); returns whether it was stored. */
    public boolean putIfRevision(String key, long revision, Value value) {
        return session().call(commands.putIf(key, revision, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    /** Stores {@code value} if the key holds {@code expected}; returns whether it was stored. */
    public boolean compareAndSet(String key, Value expected, Value value) {
        return session().call(commands.compareAndSet(key, expected, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    public boolean compareAndSet(String key, String expected, String text) {
        return compareAndSet(key, Value.of(expected), Value.of(text));
    }

    /** Adds to the integer that the key holds, 0 if it does not exist; returns the sum. */
    public long increment(String key, long delta) {
        return session()
                .call(
                        commands.increment(key, delta),
                        reply -> Session.single(reply).word());
    }

    /** Deletes a key; returns whether it existed. */
    public boolean delete(String key) {
        return session().call(commands.delete(key), KvCommands::deleted) > 0;
    }

    /** Deletes keys, all at once; returns how many existed. Nothing is sent for no keys. */
    public long deleteAll(Collection<String> keys) {
        return keys.isEmpty() ? 0 : session().call(commands.deleteAll(keys), KvCommands::deleted);
    }

    /** The keys that begin with {@code prefix}, in the order of their bytes; all for an empty one. */
    public Pages<KeyValue> scan(String prefix) {
        return commands.scan(prefix);
    }
}
