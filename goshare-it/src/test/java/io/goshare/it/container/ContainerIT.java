package io.goshare.it.container;

/** The deployment's contract, kept by a container. */
@RequiresDocker
final class ContainerIT extends DeploymentContract {
    ContainerIT() {
        super(ContainerDeployment::new);
    }
}
