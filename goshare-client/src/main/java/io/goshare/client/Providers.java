package io.goshare.client;

import io.goshare.client.error.ConfigurationException;
import io.goshare.client.transport.Target;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.TransportProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds who makes transports of a scheme: with the SDK's class loader first, then with the thread's. */
final class Providers {
    private Providers() {}

    /** @throws ConfigurationException if there is none, or two are equally good */
    static TransportProvider of(String scheme) {
        List<TransportProvider> found = find(scheme, GoShare.class.getClassLoader());
        if (found.isEmpty()) {
            found = find(scheme, Thread.currentThread().getContextClassLoader());
        }
        if (found.isEmpty()) {
            boolean embedded = scheme.equals("file") || scheme.equals("mem");
            throw new ConfigurationException(
                    null,
                    embedded
                            ? "goshare:" + scheme + ": is a store in this process; put goshare-server on the class path"
                            : "there is no transport " + scheme + "; there are http, zmq, file and mem");
        }
        if (found.size() > 1 && found.get(0).priority() == found.get(1).priority()) {
            throw new ConfigurationException(
                    null,
                    "two providers serve " + scheme + " with equal priority: "
                            + found.get(0).getClass().getName() + " and "
                            + found.get(1).getClass().getName() + "; take one off the class path");
        }
        return found.get(0);
    }

    private static List<TransportProvider> find(String scheme, ClassLoader loader) {
        List<TransportProvider> found = new ArrayList<>();
        try {
            for (TransportProvider provider : ServiceLoader.load(TransportProvider.class, loader)) {
                if (provider.supports(scheme)) {
                    found.add(provider);
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new ConfigurationException(null, "a provider of transports cannot be loaded: " + e.getMessage(), e);
        }
        found.sort(Comparator.comparingInt(TransportProvider::priority).reversed());
        return found;
    }

    /** @throws ConfigurationException if the library that the transport stands on is not there */
    static Transport open(TransportProvider provider, Target target) {
        try {
            return provider.open(target);
        } catch (NoClassDefFoundError e) {
            throw new ConfigurationException(
                    null,
                    "goshare:" + target.scheme() + " needs a library that is not on the class path: " + e.getMessage()
                            + (target.scheme().equals("http") ? " (com.squareup.okhttp3:okhttp-jvm)" : ""),
                    e);
        }
    }
}
