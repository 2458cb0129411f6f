package io.goshare.client.statement;

import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.model.Value;
import java.util.Optional;

/** A namespace as it was at an instant; for reading only. Immutable, safe for many threads. */
public final class PastNamespace {
    private final NamespaceCommands commands;

    PastNamespace(NamespaceCommands commands) {
        this.commands = commands;
    }

    /** What {@code path}, below this one, held; this one itself for an empty path. Empty where there was nothing. */
    public Optional<Value> get(String path) {
        return value(path).map(NamespaceValue::value);
    }

    /** The same with the time since when it held. */
    public Optional<NamespaceValue> value(String path) {
        return commands.session()
                .call(
                        commands.get(path),
                        reply -> Optional.of(commands.value(path, reply)),
                        ErrorCode.NOT_FOUND,
                        Optional.empty());
    }

    /** The next segments below. */
    public Pages<Child> children() {
        return commands.children();
    }

    /** All values there were at and below, in the order of paths. */
    public Pages<NamespaceValue> tree() {
        return commands.values();
    }
}
