package io.goshare.it.container;

/** A container's clock jumps. */
@RequiresDocker
final class ContainerClockIT extends DeployedClockContract {
    ContainerClockIT() {
        super(ContainerDeployment::new);
    }
}
