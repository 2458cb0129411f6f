package io.goshare.server.series;

import java.util.List;

/**
 * A tag or segment that each name which matches a filter bears, with one of some values.
 *
 * @param tag name of the tag; empty for a segment of the path
 * @param place of the segment, from 0
 * @param orLater whether it may stand at a later place too
 * @param values one of these; at least one, none empty where it is a tag
 */
public record NamePart(String tag, int place, boolean orLater, List<String> values) {
    public NamePart {
        values = List.copyOf(values);
    }

    public static NamePart segment(int place, boolean orLater, List<String> values) {
        return new NamePart("", place, orLater, values);
    }

    public static NamePart tag(String tag, List<String> values) {
        return new NamePart(tag, 0, false, values);
    }
}
