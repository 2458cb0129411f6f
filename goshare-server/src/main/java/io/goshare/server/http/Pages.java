package io.goshare.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The pages for people: a fixed map, read from the class path once. */
final class Pages {
    private final Map<String, Outgoing> pages = new LinkedHashMap<>();
    private final String status;

    Pages() {
        pages.put("/", Outgoing.html(read("index.html")));
        for (String name : new String[] {"quickstart", "concept", "help-http", "help-zmq"}) {
            pages.put("/" + name, Outgoing.html(read(name + ".html")));
        }
        pages.put(
                "/style.css", new Outgoing(200, Map.of("Content-Type", "text/css; charset=utf-8"), read("style.css")));
        status = new String(read("status.html"), StandardCharsets.UTF_8);
    }

    private static byte[] read(String name) {
        try (InputStream in = Pages.class.getResourceAsStream("pages/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page " + name + " is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page at {@code path}, if there is one. */
    Optional<Outgoing> at(String path) {
        return Optional.ofNullable(pages.get(path));
    }

    /** What every unknown path shows. */
    Outgoing index() {
        return pages.getOrDefault("/", Outgoing.noContent());
    }

    /** The page of figures around {@code rows}, which are HTML. */
    Outgoing status(String rows) {
        return Outgoing.html(status.replace("{{rows}}", rows));
    }
}
