package io.goshare.server.datastore;

import java.util.Map;
import java.util.Optional;

/** What the wiring knows of the server and the datastore does not. Safe for many threads. */
public interface ServerFacts {
    /** Facts for people: version, ports, data directory; in the order to show them. */
    Map<String, String> info();

    /** Why the server cannot do its work, in a sentence; empty if it can. */
    Optional<String> ailment();

    /** Figures for the metrics page, by metric name ({@code goshare_…}, maybe with labels). */
    Map<String, Double> gauges();
}
