package io.goshare.server.datastore;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.PointBatch;
import io.goshare.protocol.model.Value;
import io.goshare.server.commit.Committer;
import io.goshare.server.commit.Mutation;
import io.goshare.server.commit.Receipt;
import io.goshare.server.commit.WriteRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Commits what a command changes, as one request. */
final class Writes {
    private static final int MAX_ID = 64;

    /** Parameters that do not change what is done, so that a retry may differ in them. */
    private static final Set<String> CARRIAGE = Set.of("request", "fmt", "times", "timeout", "durability");

    private final Committer committer;

    Writes(Committer committer) {
        this.committer = committer;
    }

    /** Commits; the reply that {@code map} makes bears the note {@code revision}, and {@code repeated} of a repeat. */
    CompletableFuture<Reply> commit(Command command, List<Mutation> mutations, Function<Receipt, Reply> map) {
        WriteRequest request = new WriteRequest(mutations, null, 0, isSynced(command));
        if (command.has(Param.REQUEST)) {
            String id = requestId(command.require(Param.REQUEST));
            if (isRemembered(command)) {
                request = new WriteRequest(mutations, id, hash(command), request.sync());
            }
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        committer.commit(request).whenComplete((receipt, failure) -> {
            if (failure != null) {
                reply.completeExceptionally(
                        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure);
                return;
            }
            Reply answer = map.apply(receipt).with("revision", receipt.revision());
            reply.complete(receipt.repeated() ? answer.with("repeated", true) : answer);
        });
        return reply;
    }

    /** Commits and waits. Not for the caller's thread. */
    Receipt await(List<Mutation> mutations) {
        try {
            return committer.commit(new WriteRequest(mutations, null, 0, false)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof GoShareException refused
                    ? refused
                    : new GoShareException(ErrorCode.INTERNAL, "a commit failed: " + e.getCause(), e);
        }
    }

    private static boolean isSynced(Command command) {
        return command.get(Param.DURABILITY).filter("always"::equals).isPresent();
    }

    private static String requestId(String id) {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw GoShareException.badField(
                    "request", "request has " + id.length() + " characters; 1 to 64 are allowed");
        }
        return id;
    }

    /** What comes out the same when it is done twice is not worth a place in the window. */
    private static boolean isRemembered(Command command) {
        Verb verb = command.verb();
        if (verb == Verb.WRITE && command.body() instanceof Body.Points points) {
            long[] times = points.batch().times();
            return command.has(Param.TIME)
                    || Arrays.stream(times, 0, points.batch().rows()).anyMatch(time -> time == PointBatch.NO_TIME);
        }
        return verb != Verb.SETTINGS;
    }

    /** The first 64 bits of SHA-256 over what the command asks for. */
    private static long hash(Command command) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new GoShareException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
        add(digest, command.verb().word().getBytes(StandardCharsets.UTF_8));
        command.printed().forEach((name, value) -> {
            if (!CARRIAGE.contains(name)) {
                add(digest, (name + "=" + value).getBytes(StandardCharsets.UTF_8));
            }
        });
        if (command.body() instanceof Body.Single single) {
            add(digest, single.value());
        } else if (command.body() instanceof Body.Rows rows) {
            add(digest, rows.table());
        } else if (command.body() instanceof Body.Points points) {
            add(digest, points.batch());
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static void add(MessageDigest digest, @Nullable Value value) {
        if (value == null) {
            digest.update((byte) 0xff);
            return;
        }
        digest.update(ByteBuffer.allocate(9)
                .put(PointBatch.tag(value.kind(), value.scale()))
                .putLong(value.word())
                .array());
        add(digest, value.bytes());
    }

    private static void add(MessageDigest digest, Table table) {
        table.columns().forEach(column -> add(digest, column.name().getBytes(StandardCharsets.UTF_8)));
        for (@Nullable Value[] row : table.rows()) {
            for (@Nullable Value cell : row) {
                add(digest, cell);
            }
        }
    }

    private static void add(MessageDigest digest, PointBatch batch) {
        for (int i = 0; i < batch.seriesCount(); i++) {
            add(digest, batch.name(i));
        }
        for (int row = 0; row < batch.rows(); row++) {
            digest.update(ByteBuffer.allocate(12)
                    .putInt(batch.series()[row])
                    .putLong(batch.times()[row])
                    .array());
            add(digest, batch.value(row));
        }
    }
}
