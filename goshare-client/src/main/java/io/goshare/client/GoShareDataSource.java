package io.goshare.client;

import io.goshare.client.error.ConfigurationException;
import java.util.Map;
import java.util.Properties;

/**
 * Settings of connections for containers: a bean with setters for a URL, a token and properties. Each {@link #open}
 * makes a new connection, which its caller closes. For one thread while it is set up, then safe for many.
 */
public final class GoShareDataSource {
    private String url = "";
    private String token = "";
    private String namespace = "";
    private final Properties properties = new Properties();

    /** Empty, or the connection URL; see {@link GoShare.Builder#url}. */
    public String getUrl() {
        return url;
    }

    /** @throws ConfigurationException if it is malformed */
    public void setUrl(String newUrl) {
        if (!newUrl.isEmpty()) {
            var unused = ConnectionUrl.parse(newUrl);
            url = newUrl;
        }
    }

    /** A secret; it is not given back. */
    public void setToken(String newToken) {
        token = newToken;
    }

    public String getNamespace() {
        return namespace;
    }

    public void setNamespace(String path) {
        namespace = path;
    }

    /**
     * Settings by their key, such as {@code timeout}; those of an earlier call stay unless they are given again.
     *
     * @throws ConfigurationException if a key is unknown or a value malformed
     */
    public void setProperties(Properties settings) {
        for (String key : settings.stringPropertyNames()) {
            setProperty(key, settings.getProperty(key));
        }
    }

    /** @throws ConfigurationException if the key is unknown or the value malformed */
    public void setProperty(String key, String text) {
        properties.setProperty(key, Option.named(key).read(text));
    }

    /** A new connection, which the caller closes. */
    public GoShare open() {
        GoShare.Builder builder = GoShare.builder();
        for (Map.Entry<Object, Object> property : properties.entrySet()) {
            builder.with(String.valueOf(property.getKey()), String.valueOf(property.getValue()));
        }
        if (!url.isEmpty()) {
            builder.url(url);
        }
        if (!token.isEmpty()) {
            builder.token(token);
        }
        if (!namespace.isEmpty()) {
            builder.namespace(namespace);
        }
        return builder.build();
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "GoShareDataSource[" + (url.isEmpty() ? "" : ConnectionUrl.parse(url)) + "]";
    }
}
