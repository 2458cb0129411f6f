package io.goshare.server.zeromq;

import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.Format;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Reply;
import io.goshare.protocol.wire.WireReply;
import io.goshare.protocol.wire.WireRequest;
import io.goshare.protocol.wire.ZeroMqWire;
import io.goshare.protocol.wire.classic.ClassicCall;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A request understood: what to do, and the frames that answer it. */
interface Request {
    /** What to hand on; empty where {@link #early} is the reply. */
    Optional<Command> command();

    List<byte[]> early();

    List<byte[]> done(Reply reply);

    List<byte[]> failed(GoShareException failure);

    /** Whether it bears an id, so that its reply may overtake others. */
    boolean named();

    /** The first GoShare's. */
    record Classic(ClassicCall call) implements Request {
        @Override
        public Optional<Command> command() {
            return call.command();
        }

        @Override
        public List<byte[]> early() {
            return List.of(call.answer().body());
        }

        @Override
        public List<byte[]> done(Reply reply) {
            return List.of(call.answer(reply).body());
        }

        @Override
        public List<byte[]> failed(GoShareException failure) {
            return List.of(call.answer(failure).body());
        }

        @Override
        public boolean named() {
            return false;
        }
    }

    /** The new surface's. */
    record Wire(WireRequest wire) implements Request {
        @Override
        public Optional<Command> command() {
            return Optional.of(wire.command());
        }

        @Override
        public List<byte[]> early() {
            return failed(new GoShareException(ErrorCode.INTERNAL, "a command has no early reply"));
        }

        @Override
        public List<byte[]> done(Reply reply) {
            return print(() -> wire.print(reply), wire.id());
        }

        @Override
        public List<byte[]> failed(GoShareException failure) {
            return print(() -> WireReply.of(failure, wire.reply(), ""), wire.id());
        }

        @Override
        public boolean named() {
            return !wire.id().isEmpty();
        }
    }

    /** A request that could not be understood, or must not be served. */
    record Refused(GoShareException failure, String id) implements Request {
        @Override
        public Optional<Command> command() {
            return Optional.empty();
        }

        @Override
        public List<byte[]> early() {
            return failed(failure);
        }

        @Override
        public List<byte[]> done(Reply reply) {
            return early();
        }

        @Override
        public List<byte[]> failed(GoShareException other) {
            return print(() -> WireReply.of(other, Optional.empty(), ""), id);
        }

        @Override
        public boolean named() {
            return !id.isEmpty();
        }
    }

    private static List<byte[]> print(Supplier<WireReply> reply, String id) {
        try {
            return ZeroMqWire.print(reply.get(), id);
        } catch (GoShareException unsaid) {
            return ZeroMqWire.print(WireReply.of(unsaid, Optional.of(Format.JSON), ""), id);
        }
    }
}
