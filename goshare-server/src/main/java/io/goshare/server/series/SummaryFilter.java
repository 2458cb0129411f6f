package io.goshare.server.series;

/** Says of which chunks a reader wants no more than their headers tell. For one thread. */
public interface SummaryFilter {
    /** Whether points between these times, both included, are taken together; asked first. */
    boolean takesTogether(long first, long last);

    /** Whether {@code header} tells all that is wanted of its points. */
    boolean isAnsweredBy(ChunkSummary header);
}
