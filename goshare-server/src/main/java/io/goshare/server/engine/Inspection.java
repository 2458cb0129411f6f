package io.goshare.server.engine;

import java.util.List;

/**
 * What {@link EngineProvider#inspect} saw.
 *
 * @param rows rows handed over
 * @param lost rows known to be there but not to be trusted; a damaged block counts as one, for nobody can tell
 * @param findings one line per damage, naming file and offset or key; empty if all is well
 */
public record Inspection(long rows, long lost, List<String> findings) {
    public Inspection {
        findings = List.copyOf(findings);
    }

    public boolean sound() {
        return findings.isEmpty();
    }
}
