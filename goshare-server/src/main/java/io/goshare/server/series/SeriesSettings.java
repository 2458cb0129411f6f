package io.goshare.server.series;

import io.goshare.protocol.model.Kind;
import java.util.Optional;

/**
 * What is declared of a series beside its name.
 *
 * @param unit of its numbers, for people; may be empty
 * @param strict the one kind of value it takes; empty: any. Decimals and floats count as one kind
 * @param changeOnly whether points between two equal neighbours no further apart than {@code staleAfterNanos} may be
 *     left out when points go to disk
 * @param staleAfterNanos how long a state stays known after its last point; {@link #NEVER_STALE}: for ever
 */
public record SeriesSettings(
        SeriesKind kind, String unit, Optional<Kind> strict, boolean changeOnly, long staleAfterNanos) {
    public static final long NEVER_STALE = Long.MAX_VALUE;

    public SeriesSettings {
        if (staleAfterNanos <= 0) {
            throw new IllegalArgumentException("stale_after must be longer than nothing");
        }
    }

    /** What a series has until told otherwise: a state if its first value is text or boolean, else a gauge. */
    public static SeriesSettings inferred(Kind firstValue) {
        boolean state = firstValue == Kind.TEXT || firstValue == Kind.BOOLEAN;
        return of(state ? SeriesKind.STATE : SeriesKind.GAUGE);
    }

    public static SeriesSettings of(SeriesKind kind) {
        return new SeriesSettings(kind, "", Optional.empty(), false, NEVER_STALE);
    }
}
