package io.goshare.client.statement;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.Value;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@link Namespace} with futures; see {@link AsyncKv}. */
public final class AsyncNamespace {
    private final NamespaceCommands commands;

    AsyncNamespace(NamespaceCommands commands) {
        this.commands = commands;
    }

    private Session session() {
        return commands.session();
    }

    /** See {@link Namespace#get}. */
    public CompletableFuture<Optional<Value>> get(String path) {
        return value(path).thenApply(found -> found.map(NamespaceValue::value));
    }

    /** See {@link Namespace#value}. */
    public CompletableFuture<Optional<NamespaceValue>> value(String path) {
        return session()
                .send(
                        commands.get(path),
                        reply -> Optional.of(commands.value(path, reply)),
                        ErrorCode.NOT_FOUND,
                        Optional.empty());
    }

    /** See {@link Namespace#put(String, Value)}. */
    public CompletableFuture<Long> put(String path, Value value) {
        return session().send(commands.put(path, value), KvCommands::revision);
    }

    /** See {@link Namespace#putAll}. */
    public CompletableFuture<Long> putAll(Map<String, Value> values) {
        return values.isEmpty()
                ? CompletableFuture.completedFuture(0L)
                : session().send(commands.putAll(values), KvCommands::revision);
    }

    /** See {@link Namespace#putIfRevision}. */
    public CompletableFuture<Boolean> putIfRevision(String path, long revision, Value value) {
        return session().send(commands.putIf(path, revision, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    /** See {@link Namespace#delete}. */
    public CompletableFuture<Boolean> delete(String path) {
        return session().send(commands.delete(path), reply -> KvCommands.deleted(reply) > 0);
    }

    /** See {@link Namespace#deleteTree()}. */
    public CompletableFuture<Long> deleteTree() {
        return session().send(commands.deleteTree(Optional.empty()), KvCommands::deleted);
    }
}
