package io.goshare.server.series;

import java.util.Objects;

/** Named places where a test may end the program. */
@FunctionalInterface
public interface FailPoints {
    /** The system property that names the place at which the process is halted, as a loss of power would. */
    String PROPERTY = "goshare.failpoint";

    /** Does nothing but at the place that {@link #PROPERTY} names. */
    FailPoints PRODUCTION = place -> {
        if (Objects.equals(place, System.getProperty(PROPERTY))) {
            Runtime.getRuntime().halt(137);
        }
    };

    void reach(String place);
}
