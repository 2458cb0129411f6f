package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Selector;

/**
 * What changes of the values and series that a selector finds: docs/watch.md tells clauses and rows. Nothing is asked
 * before {@link #open}. Immutable, safe for many threads.
 */
public final class Watch {
    private final Session session;
    private final Command command;

    /** Made by {@link io.goshare.client.GoShare#watch}. */
    public Watch(Session session, Selector selector) {
        this(
                session,
                session.command(Verb.WATCH).with(Param.SEL, session.namespace().under(selector)));
    }

    private Watch(Session session, Command command) {
        this.session = session;
        this.command = command;
    }

    /** Any clause as docs/watch.md spells it: {@code with("on", "transitions")}. */
    public Watch with(String clause, String text) {
        return new Watch(session, command.with(clause, text));
    }

    /** All that changed behind {@code revision}, which {@link Changes#revision} told, rather than a snapshot first. */
    public Watch after(long revision) {
        return new Watch(session, command.with("after", Long.toString(revision)));
    }

    /** From now on, without a snapshot. */
    public Watch liveOnly() {
        return with("live_only", "true");
    }

    /** A reader of the changes; the caller closes it. */
    public Changes open() {
        return new Changes(session, command);
    }
}
