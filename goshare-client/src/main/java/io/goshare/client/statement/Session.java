package io.goshare.client.statement;

import io.goshare.client.call.Caller;
import io.goshare.client.error.CallException;
import io.goshare.client.error.CallInfo;
import io.goshare.client.error.ReplyTypeException;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What the faces share: who carries commands, and how they are dressed. Immutable, safe for many threads.
 *
 * @param points encoding of points
 * @param rows encoding of values and rows
 * @param pageRows rows that a cursor fetches at once
 * @param namespace the path that all paths are below
 * @param durability asked of writes; empty for the server's
 * @param timeout of each call; empty for the connection's
 */
public record Session(
        Caller caller,
        Format points,
        Format rows,
        int pageRows,
        Namespaces namespace,
        Optional<String> durability,
        Optional<Duration> timeout) {
    /** The same with another deadline for each call. */
    Session within(Duration newTimeout) {
        return new Session(caller, points, rows, pageRows, namespace, durability, Optional.of(newTimeout));
    }

    Command command(Verb verb) {
        Format format = verb == Verb.WRITE ? points : rows;
        Command command = Command.of(verb).with(Param.FMT, format.word());
        if (timeout.isPresent()) {
            command = command.with(Param.TIMEOUT, timeout.get().toNanos());
        }
        return durability.isPresent() && command.verb().takes(Param.DURABILITY)
                ? command.with(Param.DURABILITY, durability.get())
                : command;
    }

    /** Sends and waits. */
    <T> T call(Command command, Function<Reply, T> read) {
        try {
            return read.apply(caller.call(command));
        } catch (Unexpected e) {
            throw unexpected(e);
        }
    }

    <T> CompletableFuture<T> send(Command command, Function<Reply, T> read) {
        return caller.send(command).thenApply(reply -> {
            try {
                return read.apply(reply);
            } catch (Unexpected e) {
                throw unexpected(e);
            }
        });
    }

    /** The same, where an error of {@code code} stands for {@code instead}. */
    <T> T call(Command command, Function<Reply, T> read, ErrorCode code, T instead) {
        try {
            return call(command, read);
        } catch (CallException e) {
            if (e.code() == code) {
                return instead;
            }
            throw e;
        }
    }

    <T> CompletableFuture<T> send(Command command, Function<Reply, T> read, ErrorCode code, T instead) {
        return send(command, read).exceptionally(failure -> {
            Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            if (cause instanceof CallException e && e.code() == code) {
                return instead;
            }
            throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
        });
    }

    /** A reply that is of another kind than the call's. */
    private static final class Unexpected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unexpected(String message) {
            super(message);
        }
    }

    private ReplyTypeException unexpected(Unexpected e) {
        return new ReplyTypeException(
                new GoShareException(ErrorCode.INTERNAL, String.valueOf(e.getMessage()), e), new CallInfo("", "", 1));
    }

    static Table table(Reply reply) {
        if (reply.result() instanceof Result.Rows rows) {
            return rows.table();
        }
        throw new Unexpected("the reply holds no rows but " + kind(reply));
    }

    static Value single(Reply reply) {
        if (reply.result() instanceof Result.Single single) {
            return single.value();
        }
        throw new Unexpected("the reply holds no value but " + kind(reply));
    }

    static io.goshare.protocol.model.PointBatch points(Reply reply) {
        if (reply.result() instanceof Result.Points points) {
            return points.batch();
        }
        throw new Unexpected("the reply holds no points but " + kind(reply));
    }

    private static String kind(Reply reply) {
        return reply.result().getClass().getSimpleName();
    }

    /** The integer that the note {@code name} is. */
    static long number(Reply reply, String name) {
        String text = reply.notes().get(name);
        try {
            return Long.parseLong(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw new Unexpected("the reply's " + name + " is " + text + ", no integer");
        }
    }
}
