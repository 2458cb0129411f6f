package io.goshare.it.container;

/** The deployment's contract, kept by a process of this machine. */
final class ProcessIT extends DeploymentContract {
    ProcessIT() {
        super(ProcessDeployment::new);
    }
}
