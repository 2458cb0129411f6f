package io.goshare.it.container;

/** Network faults between a client and a process of this machine. */
final class ProcessFaultIT extends FaultContract {
    ProcessFaultIT() {
        super(ProcessDeployment::new);
    }
}
