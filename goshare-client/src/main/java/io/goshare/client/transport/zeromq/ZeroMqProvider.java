package io.goshare.client.transport.zeromq;

import io.goshare.client.transport.Target;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportProvider;

/** {@code goshare:zmq://host:9797}. */
public final class ZeroMqProvider implements TransportProvider {
    @Override
    public boolean supports(String scheme) {
        return scheme.equals("zmq");
    }

    @Override
    public int defaultPort() {
        return 9797;
    }

    @Override
    public Transport open(Target target) {
        return new ZeroMqTransport(target.address(), target.token(), target.timeout(), target.connectTimeout());
    }
}
