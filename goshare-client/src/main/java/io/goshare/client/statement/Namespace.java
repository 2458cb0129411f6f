package io.goshare.client.statement;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A place in the tree of values, which keeps their history. Paths are {@code a:b:c}, relative to the place; an empty
 * one is the place itself; a backslash takes the next character as it is. Each call waits for its reply and throws a
 * {@link io.goshare.client.error.CallException}. Immutable, safe for many threads.
 */
public final class Namespace {
    private final NamespaceCommands commands;

    /** Made by {@link io.goshare.client.GoShare#namespace}. */
    public Namespace(Session session, String path) {
        this(new NamespaceCommands(
                session, path.isEmpty() ? Optional.empty() : Optional.of(Path.parse(path)), Optional.empty()));
    }

    private Namespace(NamespaceCommands commands) {
        this.commands = commands;
    }

    private Session session() {
        return commands.session();
    }

    /** The same calls with futures. */
    public AsyncNamespace async() {
        return new AsyncNamespace(commands);
    }

    /** The same place with {@code timeout} as each call's deadline. */
    public Namespace within(Duration timeout) {
        return new Namespace(new NamespaceCommands(session().within(timeout), commands.base(), Optional.empty()));
    }

    /** The place {@code path} below this one. */
    public Namespace child(String path) {
        return new Namespace(new NamespaceCommands(session(), commands.below(path), Optional.empty()));
    }

    /** This place as it was at {@code instant}. */
    public PastNamespace at(Instant instant) {
        return new PastNamespace(new NamespaceCommands(session(), commands.base(), Optional.of(instant)));
    }

    private PastNamespace now() {
        return new PastNamespace(commands);
    }

    /** What {@code path} holds; empty if nothing. */
    public Optional<Value> get(String path) {
        return now().get(path);
    }

    /** The same with its revision and the time since when it holds. */
    public Optional<NamespaceValue> value(String path) {
        return now().value(path);
    }

    /** Stores a value, which ends the one before in the history; returns the revision. */
    public long put(String path, Value value) {
        return session().call(commands.put(path, value), KvCommands::revision);
    }

    public long put(String path, String text) {
        return put(path, Value.of(text));
    }

    public long put(String path, long number) {
        return put(path, Value.of(number));
    }

    public long put(String path, double number) {
        return put(path, Value.of(number));
    }

    public long put(String path, boolean flag) {
        return put(path, Value.of(flag));
    }

    /** Stores all or nothing; returns the revision, 0 for no values, which are not sent. */
    public long putAll(Map<String, Value> values) {
        return values.isEmpty() ? 0 : session().call(commands.putAll(values), KvCommands::revision);
    }

    /** Stores a value if the path stands at {@code revision} (0: holds nothing); returns whether it was stored. */
    public boolean putIfRevision(String path, long revision, Value value) {
        return session().call(commands.putIf(path, revision, value), reply -> true, ErrorCode.CONFLICT, false);
    }

    /** Ends the value at {@code path}; its history stays. Returns whether there was one. */
    public boolean delete(String path) {
        return session().call(commands.delete(path), KvCommands::deleted) > 0;
    }

    /**
     * Ends all values at and below this place; returns how many. Above 1,000 the server asks for
     * {@link #deleteTree(String)}.
     */
    public long deleteTree() {
        return session().call(commands.deleteTree(Optional.empty()), KvCommands::deleted);
    }

    /** The same of any number of values, {@code confirm} being that number or the path as the server has it. */
    public long deleteTree(String confirm) {
        return session().call(commands.deleteTree(Optional.of(confirm)), KvCommands::deleted);
    }

    /** The next segments below, of values and of series. */
    public Pages<Child> children() {
        return commands.children();
    }

    /** All values at and below, in the order of paths. */
    public Pages<NamespaceValue> tree() {
        return commands.values();
    }

    /** Every change at and below from {@code first}, included, to {@code end}, excluded: docs/queries.md, "log". */
    public Pages<Row> log(Instant first, Instant end) {
        return commands.changes(Verb.LOG, first, end);
    }

    /** What was added, changed and removed between two instants: docs/queries.md, "diff". */
    public Pages<Row> diff(Instant first, Instant end) {
        return commands.changes(Verb.DIFF, first, end);
    }
}
