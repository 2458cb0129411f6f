package io.goshare.protocol.wire.classic;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.Param;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import io.goshare.protocol.wire.classic.TaskType.Keys;
import io.goshare.protocol.wire.classic.TaskType.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for, the same on both transports.
 *
 * @param parent what stands before every key, its colon with it; or empty
 * @param time what stands behind every key of a push: see {@link ClassicTime}; or empty
 * @param items the data: words over ZeroMQ, lines over HTTP
 * @param joint what CSV and JSON have between items: as they came over HTTP; over ZeroMQ a row ends at a blank
 */
record Task(Action action, TaskType type, String parent, String time, List<String> items, Joint joint) {
    /** What stood between items before they were taken apart, for CSV and for JSON. */
    enum Joint {
        LINES("\n", "\n"),
        WORDS("\n", " ");

        private final String csv;
        private final String json;

        Joint(String csv, String json) {
            this.csv = csv;
            this.json = json;
        }
    }

    /** @throws MalformedDataException if the data is not what the type says; a read of such finds nothing */
    Command command() throws MalformedDataException {
        return action == Action.PUSH ? push(pairs()) : keyed(keys());
    }

    private Command keyed(List<String> keys) {
        Table table = Table.of("key");
        for (String key : keys) {
            table.add(text(parent + key));
        }
        boolean tree = type.keys() == Keys.NS || type.keys() == Keys.TSDS; // to read or delete, now is default
        return Command.of(action == Action.READ ? Verb.READ : Verb.DELETE)
                .with(Param.TYPE, tree ? "ns" : "default")
                .with(new Body.Rows(table));
    }

    /** A point's key is a namespace key that ends in its time; whoever stores it knows it by that. */
    private Command push(Map<String, String> pairs) {
        Table table = Table.of("key", "value");
        pairs.forEach((key, value) ->
                table.add(text(parent + key + time), Value.infer(Text.encode(value.replace('\n', ' ')))));
        return Command.of(Verb.PUSH)
                .with(Param.TYPE, type.keys() == Keys.DEFAULT ? "default" : "ns")
                .with(new Body.Rows(table));
    }

    private static Value text(String key) {
        return Value.text(Text.encode(key));
    }

    private List<String> keys() throws MalformedDataException {
        return switch (type.values()) {
            case DEFAULT -> items.subList(0, 1);
            case JSON -> GoJson.parseList(String.join(joint.json, items));
            case CSV -> {
                List<String> keys = new ArrayList<>();
                GoCsv.parse(String.join(joint.csv, items)).forEach(keys::addAll);
                yield keys;
            }
        };
    }

    private Map<String, String> pairs() throws MalformedDataException {
        return switch (type.values()) {
            case DEFAULT -> Map.of(items.get(0), String.join(" ", items.subList(1, items.size())));
            case JSON -> GoJson.parseObject(String.join(joint.json, items));
            case CSV -> {
                Map<String, String> pairs = new LinkedHashMap<>();
                for (List<String> row : GoCsv.parse(String.join(joint.csv, items))) {
                    pairs.put(row.get(0), String.join(",", row.subList(1, row.size())));
                }
                yield pairs;
            }
        };
    }

    /**
     * This push, or where its type is CSV or JSON and the data is not, of the one pair {@code key}, {@code value}:
     * where the first GoShare said it was done and had stored nothing, or empty values.
     */
    Task orPair(String key, String value) {
        boolean holdsPairs;
        try {
            holdsPairs = switch (type.values()) {
                case DEFAULT -> true;
                case JSON -> !pairs().isEmpty();
                case CSV -> GoCsv.parse(String.join(joint.csv, items)).stream().allMatch(row -> row.size() > 1);
            };
        } catch (MalformedDataException e) {
            holdsPairs = false;
        }
        return holdsPairs
                ? this
                : new Task(
                        action,
                        new TaskType(type.keys(), Values.DEFAULT, Optional.empty()),
                        parent,
                        time,
                        List.of(key, value),
                        joint);
    }

    Values values() {
        return type.values();
    }
}
