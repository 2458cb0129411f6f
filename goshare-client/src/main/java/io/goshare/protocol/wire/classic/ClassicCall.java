package io.goshare.protocol.wire.classic;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request of the first GoShare on its way through: what it asks of the store, and the bytes that answer it. Where
 * {@link #command()} is empty nothing is asked of the store, and {@link #answer()} is the reply.
 */
public final class ClassicCall {
    private final Voice voice;
    private final @Nullable Task task;
    private final @Nullable Command command;
    private final Answer early;

    private ClassicCall(Voice voice, @Nullable Task task, @Nullable Command command, Answer early) {
        this.voice = voice;
        this.task = task;
        this.command = command;
        this.early = early;
    }

    /** How a transport says what happened. */
    interface Voice {
        Answer done();

        Answer data(byte[] data);

        /** @param reason a sentence, or null where the first GoShare failed the same way, which is without one */
        Answer failed(@Nullable String reason);
    }

    /** A request that is answered without the store. */
    static ClassicCall answered(Voice voice, Answer answer) {
        return new ClassicCall(voice, null, null, answer);
    }

    /** A request whose command, where its data makes one, goes to the store. */
    static ClassicCall of(Voice voice, Task task) {
        try {
            Command command = task.command();
            boolean nothing = command.body() instanceof Body.Rows rows
                    && rows.table().rows().isEmpty();
            Answer early = task.action() == Action.READ ? voice.failed(null) : voice.done();
            return new ClassicCall(voice, task, nothing ? null : command, early);
        } catch (MalformedDataException e) {
            // A read of what cannot be read found nothing there too; a push or delete said it was done, or crashed.
            return answered(voice, voice.failed(task.action() == Action.READ ? null : e.getMessage()));
        }
    }

    /** This call, refused: it asks nothing of the store, and {@link #answer()} says why. */
    public ClassicCall refused(GoShareException why) {
        return answered(voice, answer(why));
    }

    public Optional<Command> command() {
        return Optional.ofNullable(command);
    }

    /** The answer to what asks nothing of the store. */
    public Answer answer() {
        return early;
    }

    /** The answer to what was done. */
    public Answer answer(Reply reply) {
        if (task == null || task.action() != Action.READ) {
            return voice.done();
        }
        return ClassicReply.print(reply, task.values()).map(voice::data).orElseGet(() -> voice.failed(null));
    }

    /** The answer to what failed; nothing found is a failure without a reason. */
    public Answer answer(GoShareException failure) {
        return voice.failed(failure.code() == ErrorCode.NOT_FOUND ? null : failure.getMessage());
    }
}
