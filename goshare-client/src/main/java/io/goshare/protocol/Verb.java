package io.goshare.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of all that can be asked: each verb with its parameters, the body it takes and what it does to the store.
 * Parsing, printing, the command line's help and the reference in docs/protocol.md are made from it.
 */
public enum Verb {
    PUSH(Access.WRITE, BodyKind.ROWS, "stores keys and values as the first GoShare's push", Param.TYPE, Param.TIME),
    READ(Access.READ, BodyKind.ROWS, "reads keys as the first GoShare's read", Param.TYPE, Param.KEY),
    DELETE(Access.WRITE, BodyKind.ROWS, "deletes keys as the first GoShare's delete", Param.TYPE, Param.KEY),

    WRITE(Access.WRITE, BodyKind.POINTS, "writes points", Param.TIME, Param.PRECISION, Param.PARTIAL),
    QUERY(
            Access.READ,
            BodyKind.NONE,
            "points, windows or states of series along time",
            Param.SEL,
            Param.WHEN,
            Param.FROM,
            Param.TO,
            Param.AT,
            Param.AROUND,
            Param.RADIUS,
            Param.RANGE,
            Param.TZ,
            Param.WHERE,
            Param.WHILE,
            Param.FN,
            Param.EVERY,
            Param.WINDOW,
            Param.ALIGN,
            Param.LABEL,
            Param.AGG,
            Param.FILL,
            Param.BY,
            Param.REDUCE,
            Param.JOIN,
            Param.WITH,
            Param.TOLERANCE,
            Param.TOP,
            Param.BOTTOM,
            Param.PLOT,
            Param.ORDER,
            Param.LIMIT,
            Param.OFFSET,
            Param.CURSOR,
            Param.SHAPE,
            Param.EXPLAIN),
    AT(
            Access.READ,
            BodyKind.NONE,
            "the value of each series at an instant",
            Param.SEL,
            Param.AT,
            Param.TZ,
            Param.LIMIT,
            Param.OFFSET,
            Param.CURSOR,
            Param.EXPLAIN),
    STATES(
            Access.READ,
            BodyKind.NONE,
            "the runs of each series: value, from, to, open",
            Param.SEL,
            Param.WHEN,
            Param.FROM,
            Param.TO,
            Param.AROUND,
            Param.RADIUS,
            Param.RANGE,
            Param.TZ,
            Param.WHERE,
            Param.WHILE,
            Param.ORDER,
            Param.LIMIT,
            Param.OFFSET,
            Param.CURSOR,
            Param.EXPLAIN),
    CENSUS(
            Access.READ,
            BodyKind.NONE,
            "how many series are in each state along time",
            Param.SEL,
            Param.WHEN,
            Param.FROM,
            Param.TO,
            Param.AROUND,
            Param.RADIUS,
            Param.RANGE,
            Param.TZ,
            Param.WHERE,
            Param.WHILE,
            Param.EVERY,
            Param.ALIGN,
            Param.LABEL,
            Param.BY,
            Param.ORDER,
            Param.LIMIT,
            Param.OFFSET,
            Param.CURSOR,
            Param.EXPLAIN),
    LOG(
            Access.READ,
            BodyKind.NONE,
            "every change of namespace values below a path, or of series: old and new",
            Param.PATH,
            Param.SEL,
            Param.FROM,
            Param.TO,
            Param.AROUND,
            Param.RADIUS,
            Param.RANGE,
            Param.TZ,
            Param.ORDER,
            Param.LIMIT,
            Param.CURSOR),
    DIFF(
            Access.READ,
            BodyKind.NONE,
            "what was added, changed and removed between two instants",
            Param.PATH,
            Param.SEL,
            Param.FROM,
            Param.TO,
            Param.TZ,
            Param.LIMIT,
            Param.CURSOR),
    EXPLAIN(
            Access.READ,
            BodyKind.NONE,
            "every change around an instant, the rarest first",
            Param.PATH,
            Param.SEL,
            Param.AROUND,
            Param.RADIUS,
            Param.BASELINE,
            Param.TZ,
            Param.LIMIT),
    WATCH(
            Access.READ,
            BodyKind.NONE,
            "a snapshot, then changes in the order of commits; as a stream, or page by page",
            Param.SEL,
            Param.ON,
            Param.FROM_VALUE,
            Param.TO_VALUE,
            Param.FOR,
            Param.AFTER,
            Param.LIVE_ONLY,
            Param.WAIT),
    SERIES(
            Access.READ,
            BodyKind.NONE,
            "the series a selector finds, with their settings",
            Param.SEL,
            Param.AT,
            Param.LIMIT,
            Param.CURSOR),
    CHILDREN(
            Access.READ,
            BodyKind.NONE,
            "the next segments below a path, of namespace values and series together",
            Param.PATH,
            Param.AT,
            Param.LIMIT,
            Param.CURSOR),
    SETTINGS(
            Access.WRITE,
            BodyKind.NONE,
            "changes what a series is declared to be",
            Param.SEL,
            Param.KIND,
            Param.UNIT,
            Param.STRICT,
            Param.STALE_AFTER,
            Param.CHANGE_ONLY),
    RETENTION(
            Access.WRITE,
            BodyKind.NONE,
            "how long points are kept: sets the rule of a selector, or lists all",
            Param.SEL,
            Param.KEEP),
    ROLLUP(
            Access.WRITE,
            BodyKind.NONE,
            "of which series summaries are kept: sets the rule of a selector and a length of windows, or lists all",
            Param.SEL,
            Param.SUMMARY_EVERY,
            Param.SUMMARY_KEEP),
    ERASE(
            Access.WRITE,
            BodyKind.NONE,
            "removes points of a range",
            Param.SEL,
            Param.FROM,
            Param.TO,
            Param.RANGE,
            Param.TZ,
            Param.CONFIRM),
    DROP(
            Access.WRITE,
            BodyKind.NONE,
            "removes series, their points and namespace history",
            Param.SEL,
            Param.PATH,
            Param.FACE,
            Param.CONFIRM),

    GET(
            Access.READ,
            BodyKind.ROWS,
            "the value of a key or path, or of many",
            Param.FACE,
            Param.KEY,
            Param.PATH,
            Param.AT,
            Param.RECURSIVE,
            Param.LIMIT,
            Param.CURSOR),
    PUT(
            Access.WRITE,
            BodyKind.VALUE,
            "stores a value, or many",
            Param.FACE,
            Param.KEY,
            Param.PATH,
            Param.VALUE,
            Param.EXPIRE,
            Param.REV),
    DEL(
            Access.WRITE,
            BodyKind.ROWS,
            "deletes a key or path, or many",
            Param.FACE,
            Param.KEY,
            Param.PATH,
            Param.RECURSIVE,
            Param.CONFIRM,
            Param.REV),
    CAS(
            Access.WRITE,
            BodyKind.VALUE,
            "stores a value if the key holds what is expected",
            Param.FACE,
            Param.KEY,
            Param.PATH,
            Param.EXPECT,
            Param.REV,
            Param.VALUE,
            Param.EXPIRE),
    INCR(
            Access.WRITE,
            BodyKind.NONE,
            "adds to the integer a key holds; a missing one is 0",
            Param.KEY,
            Param.DELTA,
            Param.EXPIRE),
    SCAN(
            Access.READ,
            BodyKind.NONE,
            "keys in order",
            Param.FACE,
            Param.PREFIX,
            Param.PATH,
            Param.AT,
            Param.LIMIT,
            Param.CURSOR),

    INFO(Access.READ, BodyKind.NONE, "what the server is and holds", Param.STORAGE),
    HEALTH(Access.READ, BodyKind.NONE, "whether the server can do its work"),
    METRICS(Access.READ, BodyKind.NONE, "the server's own figures as Prometheus text");

    /** What a verb does to the store; an authorisation may stop at one of them. */
    public enum Access {
        READ,
        WRITE,
        ADMIN
    }

    /** The body a verb takes. */
    public enum BodyKind {
        NONE,
        /** Points. */
        POINTS,
        /** A table, or none where parameters say it all. */
        ROWS,
        /** One value, a table of many, or none where {@code value=} says it. */
        VALUE
    }

    /** Parameters that every verb takes. */
    public static final List<Param<?>> COMMON = List.of(Param.FMT, Param.TIMES, Param.TIMEOUT);

    /** Parameters that every verb that writes takes. */
    public static final List<Param<?>> WRITING = List.of(Param.REQUEST, Param.DURABILITY);

    private final Access access;
    private final BodyKind body;
    private final String help;
    private final List<Param<?>> params;

    Verb(Access access, BodyKind body, String help, Param<?>... own) {
        this.access = access;
        this.body = body;
        this.help = help;
        this.params = Stream.of(own).toList();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Access access() {
        return access;
    }

    public BodyKind body() {
        return body;
    }

    public String help() {
        return help;
    }

    /** Its own parameters, without {@link #COMMON} and {@link #WRITING}. */
    public List<Param<?>> params() {
        return params;
    }

    public boolean takes(Param<?> param) {
        return params.contains(param) || COMMON.contains(param) || access != Access.READ && WRITING.contains(param);
    }

    /** The parameter of this name that it takes; verbs may mean different things by one name. */
    public Optional<Param<?>> param(String name) {
        Param<?> own = named(params, name);
        Param<?> param = own != null || access == Access.READ ? own : named(WRITING, name);
        return Optional.ofNullable(param != null ? param : named(COMMON, name));
    }

    private static @Nullable Param<?> named(List<Param<?>> params, String name) {
        for (Param<?> param : params) {
            if (param.name().equals(name)) {
                return param;
            }
        }
        return null;
    }

    public static Optional<Verb> named(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
    }
}
