package io.goshare.it.container;

/** Network faults between a client and a container. */
@RequiresDocker
final class ContainerFaultIT extends FaultContract {
    ContainerFaultIT() {
        super(ContainerDeployment::new);
    }
}
