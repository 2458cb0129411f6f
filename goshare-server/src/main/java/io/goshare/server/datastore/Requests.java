package io.goshare.server.datastore;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.TimeRange;
import io.goshare.protocol.model.TimeText;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.Condition;
import io.goshare.server.keyvalue.PageRequest;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What commands say, read with its mistakes told. */
final class Requests {
    private Requests() {}

    /** A row of a body of keys and values; rows are counted from 1. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pair(byte[] key, Value value) {}

    static boolean isNamespace(Command command) {
        boolean path = command.has(Param.PATH);
        boolean namespace =
                command.has(Param.FACE) ? command.require(Param.FACE).equals("ns") : path;
        if (path && !namespace) {
            throw GoShareException.badField("path", "face=kv has keys and no paths; send key=…, or face=ns");
        }
        if (namespace && command.verb().takes(Param.KEY) && command.has(Param.KEY)) {
            throw GoShareException.badField("key", "face=ns has paths and no keys; send path=…, or face=kv");
        }
        return namespace;
    }

    static byte[] key(Command command) {
        return Limits.key(text("key", command.require(Param.KEY)));
    }

    static byte[] text(String field, String text) {
        try {
            return Text.encode(text);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(field, field + " " + e.getMessage());
        }
    }

    /** The one value of a put or cas, from {@code value=} or the body. */
    static Value value(Command command) {
        boolean inBody = command.body() instanceof Body.Single;
        if (inBody == command.has(Param.VALUE)) {
            throw GoShareException.badField(
                    "value",
                    inBody
                            ? "the value is given twice; send it as value=… or as the body"
                            : "there is no value; send it as value=… or as the body");
        }
        return Limits.value(
                command.body() instanceof Body.Single single
                        ? single.value()
                        : Value.infer(text("value", command.require(Param.VALUE))));
    }

    /** The table of the body, if there is one. */
    static Optional<Table> table(Command command) {
        return command.body() instanceof Body.Rows rows ? Optional.of(rows.table()) : Optional.empty();
    }

    /** The column {@code name} of {@code table} as bytes, one for each row. */
    static List<byte[]> column(Table table, String name) {
        int column = required(table, name);
        List<byte[]> keys = new ArrayList<>();
        for (@Nullable Value[] row : table.rows()) {
            keys.add(cell(row[column], keys.size() + 1, name).classicBytes());
        }
        return keys;
    }

    /** The columns {@code name} and {@code value}. */
    static List<Pair> pairs(Table table, String name) {
        int key = required(table, name);
        int value = required(table, "value");
        List<Pair> pairs = new ArrayList<>();
        for (@Nullable Value[] row : table.rows()) {
            int number = pairs.size() + 1;
            pairs.add(new Pair(cell(row[key], number, name).classicBytes(), cell(row[value], number, "value")));
        }
        return pairs;
    }

    private static int required(Table table, String name) {
        int column = table.column(name);
        if (column < 0) {
            List<String> names =
                    table.columns().stream().map(Table.Column::name).toList();
            throw GoShareException.badField(
                    name, "the body has no column " + name + " but " + names + "; name its columns in the first line");
        }
        return column;
    }

    private static Value cell(@Nullable Value cell, int row, String column) {
        if (cell == null) {
            throw GoShareException.badRow(row, column, "row " + row + " has no " + column);
        }
        return cell;
    }

    static Path path(byte[] text, int row) {
        try {
            return Path.parse(Text.decode(text));
        } catch (IllegalArgumentException e) {
            throw GoShareException.badRow(row, "path", "row " + row + ": " + e.getMessage());
        }
    }

    static Condition condition(Command command) {
        boolean revision = command.has(Param.REV);
        if (command.verb().takes(Param.EXPECT) && command.has(Param.EXPECT)) {
            if (revision) {
                throw GoShareException.badField("rev", "both rev and expect are given; send one");
            }
            return new Condition.Holds(command.require(Param.EXPECT));
        }
        return revision ? new Condition.AtRevision(command.require(Param.REV)) : Condition.none();
    }

    static OptionalLong lifetime(Command command) {
        return command.get(Param.EXPIRE).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** Of the page that the command asks for. */
    static PageRequest page(Command command) {
        return PageRequest.of(Math.toIntExact(command.require(Param.LIMIT)))
                .within(Duration.ofNanos(command.require(Param.TIMEOUT)));
    }

    static OptionalLong at(Command command, long now) {
        return command.has(Param.AT)
                ? OptionalLong.of(instant("at", command.require(Param.AT), now, ZoneOffset.UTC))
                : OptionalLong.empty();
    }

    static long instant(String field, TimeText text, long now, ZoneId zone) {
        try {
            return Math.max(TimeRange.ALL.from(), text.resolve(now, zone));
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField(field, field + "=" + text + " " + e.getMessage());
        }
    }

    /** The range of an erase, which must say at least one of its ends. */
    static TimeRange range(Command command, long now) {
        ZoneId zone = command.require(Param.TZ);
        boolean ends = command.has(Param.FROM) || command.has(Param.TO);
        if (ends == command.has(Param.RANGE)) {
            throw GoShareException.badField(
                    "range",
                    ends
                            ? "the range is given twice; send from and to, or range"
                            : "there is no range; send from=… to=…, or range=…; to remove the series whole, use drop");
        }
        try {
            if (command.has(Param.RANGE)) {
                if (command.require(Param.RANGE).needsLatest()) {
                    throw new IllegalArgumentException("differs from series to series; send from and to");
                }
                return command.require(Param.RANGE).resolve(now, zone, 0);
            }
            long from = command.has(Param.FROM)
                    ? instant("from", command.require(Param.FROM), now, zone)
                    : TimeRange.ALL.from();
            long to = command.has(Param.TO) ? instant("to", command.require(Param.TO), now, zone) : TimeRange.ALL.to();
            if (to < from) {
                throw new IllegalArgumentException("ends before it begins: to=" + command.require(Param.TO)
                        + " is before from=" + command.require(Param.FROM) + "; exchange them");
            }
            return new TimeRange(from, to);
        } catch (IllegalArgumentException e) {
            throw GoShareException.badField("range", "the range " + e.getMessage());
        }
    }

    /**
     * Asks that something done to many is confirmed.
     *
     * @param count of what it will be done to
     * @param name how they were named: confirming it does as well as the count
     */
    static void confirmed(Command command, long count, String name, String what) {
        if (count <= Limits.UNCONFIRMED) {
            return;
        }
        String given = command.get(Param.CONFIRM).orElse("");
        if (!given.equals(Long.toString(count)) && !given.equals(name)) {
            throw new GoShareException(
                    ErrorCode.BAD_REQUEST,
                    command.verb().word() + " would take " + count + " " + what + "; send confirm=" + count
                            + " or confirm=" + name + " if that is meant",
                    "confirm",
                    -1,
                    null);
        }
    }
}
