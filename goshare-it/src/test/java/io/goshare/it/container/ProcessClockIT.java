package io.goshare.it.container;

/** The clock of a process of this machine jumps. */
final class ProcessClockIT extends DeployedClockContract {
    ProcessClockIT() {
        super(ProcessDeployment::new);
    }
}
