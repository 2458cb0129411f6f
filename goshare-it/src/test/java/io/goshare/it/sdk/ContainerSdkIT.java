package io.goshare.it.sdk;

import io.goshare.client.GoShare;
import io.goshare.client.statement.KeyValue;
import io.goshare.client.transport.Transport;
import io.goshare.client.transport.http.HttpTransport;
import io.goshare.it.container.RequiresDocker;
import io.goshare.it.container.ServerImage;
import io.goshare.it.fixture.StoreReader;
import io.goshare.protocol.Command;
import io.goshare.protocol.Verb;
import io.goshare.testcontainers.GoShareContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link SdkContract} against a container, emptied after each test. */
@RequiresDocker
final class ContainerSdkIT extends SdkCombinations {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static GoShareContainer container;
    private static String token;

    @RegisterExtension
    final AfterEachCallback log = context -> {
        if (context.getExecutionException().isPresent()) {
            System.out.println("---- log of the server of " + context.getDisplayName());
            System.out.println(container.getLogs());
        }
    };

    @BeforeAll
    static void start() {
        container = new GoShareContainer(ServerImage.name()).withEnv("GOSHARE_ENGINE", "memory");
        container.start();
        token = container.getToken();
    }

    @AfterAll
    static void stop() {
        container.stop();
    }

    @AfterEach
    void empty() {
        try (Transport store = new HttpTransport(http(), Optional.of(token), TIMEOUT);
                GoShare db = GoShare.connect(container.getConnectionUrl())) {
            List<String> keys = db.kv().scan("").stream().map(KeyValue::key).toList();
            if (!keys.isEmpty()) {
                db.kv().deleteAll(keys);
            }
            db.admin().drop("**", Optional.empty());
            db.namespace("").log(Instant.EPOCH, Instant.now().plusSeconds(60)).stream()
                    .map(change -> change.path().split(":", 2)[0])
                    .distinct()
                    .forEach(tree ->
                            StoreReader.done(store, Command.of(Verb.DROP).with("path", tree)));
        }
    }

    @Override
    String http() {
        return container.getHttpUrl().replace("http://", "");
    }

    @Override
    String zmq() {
        return container.getZmqUrl().replace("tcp://", "");
    }

    @Override
    String moreOptions() {
        return "&token=" + token;
    }
}
