package io.goshare.client.transport.http;

import io.goshare.client.transport.Target;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportProvider;

/** {@code goshare:http://host:9999}, on OkHttp. */
public final class HttpProvider implements TransportProvider {
    @Override
    public boolean supports(String scheme) {
        return scheme.equals("http");
    }

    @Override
    public int defaultPort() {
        return 9999;
    }

    @Override
    public Transport open(Target target) {
        return new HttpTransport(target.address(), target.token(), target.timeout(), target.connectTimeout());
    }
}
