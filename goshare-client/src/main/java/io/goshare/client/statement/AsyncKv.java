package io.goshare.client.statement;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.Value;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@link Kv} with futures, which fail with a {@link io.goshare.client.error.CallException}. They complete on one of
 * GoShare's threads, on which nothing may block: pass on with {@code thenApplyAsync} what does. Immutable, safe for
 * many threads.
 */
public final class AsyncKv {
    private final KvCommands commands;

    AsyncKv(KvCommands commands) {
        this.commands = commands;
    }

    private Session session() {
        return commands.session();
    }

    /** See {@link Kv#get}. */
    public CompletableFuture<Optional<Value>> get(String key) {
        return entry(key).thenApply(entry -> entry.map(KeyValue::value));
    }

    /** See {@link Kv#entry}. */
    public CompletableFuture<Optional<KeyValue>> entry(String key) {
        return session()
                .send(
                        commands.get(key),
                        reply -> Optional.of(KvCommands.entry(key, reply)),
                        ErrorCode.NOT_FOUND,
                        Optional.empty());
    }

    /** See {@link Kv#getAll}. */
    public CompletableFuture<Map<String, Value>> getAll(Collection<String> keys) {
        return keys.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : session().send(commands.getAll(keys), KvCommands::values);
    }

    /** See {@link Kv#put(String, Value)}. */
    public CompletableFuture<Long> put(String key, Value value) {
        return session().send(commands.put(key, value), KvCommands::revision);
    }

    /** See {@link Kv#putAll}. */
    public CompletableFuture<Long> putAll(Map<String, Value> values) {
        return values.isEmpty()
                ? CompletableFuture.completedFuture(0L)
                : session().send(commands.putAll(values), KvCommands::revision);
    }

    /** See {@link Kv#putIfRevision}. */
    public CompletableFuture<Boolean> putIfRevision(String key, long revision, Value value) {
        return session().send(commands.putIf(key, revision, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    /** See {@link Kv#compareAndSet(String, Value, Value)}. */
    public CompletableFuture<Boolean> compareAndSet(String key, Value expected, Value value) {
        return session().send(commands.compareAndSet(key, expected, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    /** See {@link Kv#increment}. */
    public CompletableFuture<Long> increment(String key, long delta) {
        return session()
                .send(
                        commands.increment(key, delta),
                        reply -> Session.single(reply).word());
    }

    /** See {@link Kv#delete}. */
    public CompletableFuture<Boolean> delete(String key) {
        return session().send(commands.delete(key), reply -> KvCommands.deleted(reply) > 0);
    }

    /** See {@link Kv#deleteAll}. */
    public CompletableFuture<Long> deleteAll(Collection<String> keys) {
        return keys.isEmpty()
                ? CompletableFuture.completedFuture(0L)
                : session().send(commands.deleteAll(keys), KvCommands::deleted);
    }
}
