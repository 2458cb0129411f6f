package io.goshare.it.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What a test ran on: a storage engine, the door it came through and the encoding of the bodies. A test tells each by a
 * tag, {@code engine:leveldb}, {@code door:http}, {@code encoding:csv}; {@code -} stands for a tag it does not have.
 */
record Combination(String engine, String door, String encoding) implements Comparable<Combination> {
    static final String NONE = "-";

    private static final Comparator<Combination> ORDER = Comparator.comparing(Combination::engine)
            .thenComparing(Combination::door)
            .thenComparing(Combination::encoding);

    /** Every combination a test with {@code tags} stands for; empty where it has no tag of the three kinds. */
    static List<Combination> ofTags(Collection<String> tags) {
        List<Combination> all = product(values(tags, "engine:"), values(tags, "door:"), values(tags, "encoding:"));
        return all.equals(List.of(new Combination(NONE, NONE, NONE))) ? List.of() : all;
    }

    /** Reads {@code leveldb,memory http csv,json}: engines, doors and encodings, each with each. */
    static List<Combination> parse(String line) {
        String[] words = line.trim().split("\\s+", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("three words wanted, engines doors encodings: " + line);
        }
        return product(list(words[0]), list(words[1]), list(words[2]));
    }

    /** The form that {@link #parse} reads. */
    String print() {
        return engine + " " + door + " " + encoding;
    }

    @Override
    public int compareTo(Combination other) {
        return ORDER.compare(this, other);
    }

    private static List<Combination> product(List<String> engines, List<String> doors, List<String> encodings) {
        List<Combination> all = new ArrayList<>();
        for (String engine : engines) {
            for (String door : doors) {
                for (String encoding : encodings) {
                    all.add(new Combination(engine, door, encoding));
                }
            }
        }
        return all;
    }

    private static List<String> values(Collection<String> tags, String kind) {
        List<String> values = tags.stream()
                .filter(tag -> tag.startsWith(kind))
                .map(tag -> tag.substring(kind.length()))
                .sorted()
                .toList();
        return values.isEmpty() ? List.of(NONE) : values;
    }

    private static List<String> list(String word) {
        return List.of(word.split(",", -1));
    }
}
