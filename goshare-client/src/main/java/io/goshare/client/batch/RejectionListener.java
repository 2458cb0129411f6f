package io.goshare.client.batch;

/** Is told of each point that will not be written. Called on the writer's thread, or the adder's for want of room. */
@FunctionalInterface
public interface RejectionListener {
    void rejected(Rejection rejection);
}
