package io.goshare.server.series;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.SeriesKey;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** Which series are meant. Implementations are immutable, and equal if they are sure to mean the same. */
public interface SeriesFilter {
    /** The bytes with which the encoded name of each series that matches begins; empty where any may match. */
    byte[] prefix();

    boolean matches(SeriesKey key);

    /**
     * Tags with the value that each series which matches bears. Some only where {@link #prefix} is a whole path; empty
     * where none are told.
     */
    default SortedMap<String, String> tags() {
        return Collections.emptySortedMap();
    }

    /** Literal parts of each name that matches, where {@link #prefix} does not say all; empty where none are told. */
    default List<NamePart> parts() {
        return List.of();
    }

    /** Whether every series whose name begins with {@link #prefix} matches. */
    default boolean prefixSuffices() {
        return false;
    }

    /** Whether {@link #prefix} is the whole name of the only series that can match. */
    default boolean exact() {
        return false;
    }

    /** The series at and below {@code path}, whatever their tags. */
    static SeriesFilter subtree(Path path) {
        return new Subtree(path);
    }

    /** The one series of this name. */
    static SeriesFilter of(SeriesKey series) {
        return new One(series);
    }

    /** Every series. */
    static SeriesFilter all() {
        return new All();
    }

    /** See {@link #subtree}. */
    record Subtree(Path path) implements SeriesFilter {
        @Override
        public byte[] prefix() {
            return path.subtreePrefix();
        }

        @Override
        public boolean matches(SeriesKey key) {
            return path.contains(key.path());
        }

        @Override
        public boolean prefixSuffices() {
            return true;
        }
    }

    /** See {@link #of}. */
    record One(SeriesKey series) implements SeriesFilter {
        @Override
        public byte[] prefix() {
            return series.encoded();
        }

        @Override
        public boolean matches(SeriesKey key) {
            return key.equals(series);
        }

        @Override
        public boolean exact() {
            return true;
        }
    }

    /** See {@link #all}. */
    record All() implements SeriesFilter {
        @Override
        public byte[] prefix() {
            return new byte[0];
        }

        @Override
        public boolean matches(SeriesKey key) {
            return true;
        }

        @Override
        public boolean prefixSuffices() {
            return true;
        }
    }
}
