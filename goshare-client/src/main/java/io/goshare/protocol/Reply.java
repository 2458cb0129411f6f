package io.goshare.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answer to a command that was done. What went wrong is a {@link GoShareException} instead.
 *
 * @param notes words beside the result: {@code revision}, {@code cursor}, {@code skipped}…; headers {@code X-GoShare-*}
 *     over HTTP, {@code name=value} in frame 0 over ZeroMQ
 */
public record Reply(Result result, SortedMap<String, String> notes) {
    public Reply {
        notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    }

    public static Reply of(Result result) {
        return new Reply(result, new TreeMap<>());
    }

    public static Reply of(Table table) {
        return of(new Result.Rows(table));
    }

    public static Reply done() {
        return of(Result.EMPTY);
    }

    public Reply with(String note, Object value) {
        TreeMap<String, String> more = new TreeMap<>(notes);
        more.put(note, String.valueOf(value));
        return new Reply(result, more);
    }

    public Reply with(Map<String, String> added) {
        TreeMap<String, String> more = new TreeMap<>(notes);
        more.putAll(added);
        return new Reply(result, more);
    }
}
