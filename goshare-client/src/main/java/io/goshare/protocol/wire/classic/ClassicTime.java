package io.goshare.protocol.wire.classic;

import io.goshare.protocol.model.Timedot;
import java.time.Instant;
import java.util.List;

/** The time a push puts behind its keys: {@code :year:month:day:hour:minute:second:nanosecond}, never checked. */
final class ClassicTime {
    private ClassicTime() {}

    /**
     * The suffix of six words. The last may be {@code second.milli.micro.nano}: of its fractions only the fourth part
     * is kept, as the last component.
     */
    static String suffix(List<String> words) {
        StringBuilder out = new StringBuilder();
        for (String word : words.subList(0, 5)) {
            out.append(':').append(GoText.atoi(word));
        }
        String[] second = words.get(5).split("\\.", -1);
        long nano = second.length > 3 ? GoText.atoi(second[3]) : 0;
        return out.append(':')
                .append(GoText.atoi(second[0]))
                .append(':')
                .append(nano)
                .toString();
    }

    /** The suffix of an instant, to the second, in UTC. */
    static String suffix(Instant now) {
        return ":" + Timedot.print(now.getEpochSecond() * 1_000_000_000L);
    }
}
