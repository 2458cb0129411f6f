package io.goshare.client.statement;

import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Result;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Selector;
import io.goshare.protocol.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What keeps a store: facts and figures, the list of series, what they are declared to be, erasing. Each call waits for
 * its reply and throws a {@link io.goshare.client.error.CallException}. Immutable, safe for many threads.
 */
public final class Admin {
    private final Session session;

    /** Made by {@link io.goshare.client.GoShare#admin}. */
    public Admin(Session session) {
        this.session = session;
    }

    /** The same calls with {@code timeout} as each one's deadline. */
    public Admin within(Duration timeout) {
        return new Admin(session.within(timeout));
    }

    /** What the server is and holds, such as {@code version} and {@code revision}. */
    public Map<String, String> info() {
        return session.call(session.command(Verb.INFO), reply -> {
            Map<String, String> facts = new LinkedHashMap<>();
            for (Row row : Row.of(Session.table(reply))) {
                facts.put(row.text("name").orElse(""), row.text("value").orElse(""));
            }
            return facts;
        });
    }

    /** Rows and bytes per table: {@code table}, {@code rows}, {@code bytes}. Counting reads everything. */
    public List<Row> storage() {
        return session.call(
                session.command(Verb.INFO).with(Param.STORAGE, true), reply -> Row.of(Session.table(reply)));
    }

    /**
     * Asks whether the server can do its work; returns how long the answer took.
     *
     * @throws io.goshare.client.error.CallException if it cannot, or is not there
     */
    public Duration ping() {
        long began = System.nanoTime();
        session.call(session.command(Verb.HEALTH), Reply::result);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The server's figures as Prometheus text. */
    public String metrics() {
        return session.call(
                session.command(Verb.METRICS),
                reply -> reply.result() instanceof Result.Document document
                        ? new String(document.bytes(), StandardCharsets.UTF_8)
                        : "");
    }

    private Command selected(Verb verb, String selector) {
        return session.command(verb).with(Param.SEL, session.namespace().under(Selector.parse(selector)));
    }

    /** The series that {@code selector} finds: {@code path}, {@code tags}, {@code kind}, {@code unit} … */
    public Pages<Row> series(String selector) {
        return new Pages<>(
                session,
                selected(Verb.SERIES, selector),
                reply -> Row.of(Query.relative(session, Session.table(reply))));
    }

    /**
     * Declares what the series that {@code selector} finds are; returns how many.
     *
     * @param settings by their names: {@code kind}, {@code unit}, {@code strict}, {@code stale_after},
     *     {@code change_only}
     */
    public long declare(String selector, Map<String, String> settings) {
        Command command = selected(Verb.SETTINGS, selector);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            command = command.with(setting.getKey(), setting.getValue());
        }
        return session.call(command, Admin::count);
    }

    /**
     * Has summaries kept of the series that {@code selector} finds, one for each window: queries over wide ranges read
     * them in place of points, and have them still when retention took these.
     *
     * @param every length of the windows, such as {@code 1h}; a whole number of them makes a day
     * @param keep how long they stay at least, such as {@code 2y}, or {@code forever}; {@code none} ends the rule
     */
    public void rollup(String selector, String every, String keep) {
        Command command =
                selected(Verb.ROLLUP, selector).with(Param.SUMMARY_EVERY, every).with(Param.SUMMARY_KEEP, keep);
        session.call(command, Reply::result);
    }

    /** The rules by which summaries are kept, of all namespaces: {@code sel}, {@code every}, {@code keep}. */
    public List<Row> rollups() {
        return session.call(session.command(Verb.ROLLUP), reply -> Row.of(Session.table(reply)));
    }

    /**
     * Removes the points of the series that {@code selector} finds, from {@code first}, included, to {@code end},
     * excluded; returns how many series had some.
     *
     * @param confirm empty; above 1,000 series their number or the selector
     */
    public long erase(String selector, Instant first, Instant end, Optional<String> confirm) {
        Command command = selected(Verb.ERASE, selector)
                .with(Param.FROM, Times.text(first))
                .with(Param.TO, Times.text(end));
        return session.call(confirmed(command, confirm), Admin::count);
    }

    /** Removes series whole; returns how many. {@code confirm} as of {@link #erase}. */
    public long drop(String selector, Optional<String> confirm) {
        return session.call(confirmed(selected(Verb.DROP, selector), confirm), Admin::count);
    }

    private static Command confirmed(Command command, Optional<String> confirm) {
        return confirm.map(given -> command.with(Param.CONFIRM, given)).orElse(command);
    }

    private static long count(Reply reply) {
        String series = reply.notes().get("series");
        return series == null
                ? 0
                : Value.infer(series.getBytes(StandardCharsets.UTF_8)).word();
    }
}
