package io.goshare.server.series;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts live series, in all and by namespace, which is the first segment of a path, and refuses new ones where there
 * are too many. Beyond 65,536 namespaces those that come later are counted in all only. Safe for many threads.
 */
final class Cardinality {
    private static final Logger LOG = LoggerFactory.getLogger(Cardinality.class);
    private static final int NAMESPACES = 1 << 16;
    /** No segment: these end before a zero. */
    private static final String ALL = "\0";

    private final int most;
    private final int mostOfNamespace;
    private final Map<String, Integer> namespaces = new HashMap<>();
    private int all;
    private byte[] lastSegment = {};
    private String lastNamespace = "";

    /** @param most series there may be; a tenth of it is worth a warning. The same of each namespace */
    Cardinality(int most, int mostOfNamespace) {
        this.most = most;
        this.mostOfNamespace = mostOfNamespace;
    }

    /** Whether so many new series are refused under no name. */
    synchronized boolean hasRoom(int more) {
        return all + (long) more <= Math.min(most, mostOfNamespace);
    }

    /**
     * Judges a new series.
     *
     * @param ahead new ones judged before and not counted yet, by namespace; {@code name} joins them unless it is
     *     refused
     * @return why it is refused, empty if it is not
     */
    synchronized Optional<String> refusal(byte[] name, Map<String, Integer> ahead) {
        String namespace = namespace(name);
        int own = ahead.getOrDefault(namespace, 0);
        int total = ahead.getOrDefault(ALL, 0);
        Optional<String> refusal = refusal(namespace, own, total);
        if (refusal.isEmpty()) {
            ahead.put(namespace, own + 1);
            ahead.put(ALL, total + 1);
        }
        return refusal;
    }

    private Optional<String> refusal(String namespace, int moreOfNamespace, int more) {
        String why;
        if (all + more >= most) {
            why = "there are " + most + " series, the most (--max-series)";
        } else if (namespaces.getOrDefault(namespace, 0) + moreOfNamespace >= mostOfNamespace) {
            why = "namespace " + namespace + " has " + mostOfNamespace + " series, the most (--max-namespace-series)";
        } else {
            return Optional.empty();
        }
        return Optional.of(
                why + "; known ones still take points. Is a value or an id in the path or the tags? Else drop"
                        + " series, or raise the limit");
    }

    synchronized void count(byte[] name) {
        all++;
        if (all == most / 10) {
            LOG.warn("there are {} series; {} are the most", all, most);
        }
        String namespace = namespace(name);
        int own = namespaces.getOrDefault(namespace, 0) + 1;
        if (own > 1 || namespaces.size() < NAMESPACES) {
            namespaces.put(namespace, own);
        }
        if (own == mostOfNamespace / 10) {
            LOG.warn("namespace {} has {} series; {} are the most", namespace, own, mostOfNamespace);
        }
    }

    synchronized void release(byte[] name) {
        all--;
        namespaces.computeIfPresent(namespace(name), (namespace, own) -> own == 1 ? null : own - 1);
    }

    /** The namespaces with the most series, the largest first. */
    synchronized Map<String, Integer> largest(int count) {
        Map<String, Integer> largest = new LinkedHashMap<>();
        namespaces.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(count)
                .forEach(entry -> largest.put(entry.getKey(), entry.getValue()));
        return largest;
    }

    /** The first segment of an encoded name, as people read it. Most often it is that of the name before. */
    private String namespace(byte[] name) {
        int known = lastSegment.length;
        if (known > 0
                && known < name.length
                && name[known] == 0
                && Arrays.equals(name, 0, known, lastSegment, 0, known)) {
            return lastNamespace;
        }
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        lastSegment = Arrays.copyOf(name, end);
        lastNamespace = new String(name, 0, end, StandardCharsets.UTF_8);
        return lastNamespace;
    }
}
