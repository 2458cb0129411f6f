package io.goshare.it.container;

import java.util.List;

/** Network faults between a client and a process of this machine. */
final class ProcessFaultIT extends FaultContract {
    ProcessFaultIT() {
        super(ProcessDeployment::new, List.of(Loss.KILLED, Loss.STOPPED, Loss.FROZEN));
    }
}
