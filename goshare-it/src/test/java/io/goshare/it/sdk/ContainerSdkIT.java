package io.goshare.it.sdk;

import io.goshare.it.container.RequiresDocker;
import io.goshare.it.container.ServerImage;
import io.goshare.testcontainers.GoShareContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link SdkContract} against containers, of which each test has one of its own. */
@RequiresDocker
@Tag("engine:memory")
@Tag("door:zeromq")
@Tag("encoding:msgpack")
final class ContainerSdkIT extends SdkContract {
    private final GoShareContainer container =
            new GoShareContainer(ServerImage.name()).withEnv("GOSHARE_ENGINE", "memory");

    @RegisterExtension
    final BeforeEachCallback start = context -> container.start();

    @RegisterExtension
    final AfterEachCallback stop = context -> {
        if (context.getExecutionException().isPresent()) {
            System.out.println("---- log of the server of " + context.getDisplayName());
            System.out.println(container.getLogs());
        }
        container.stop();
    };

    @Override
    String url() {
        return container.getZmqUrl().replace("tcp://", "goshare:zmq://");
    }

    @Override
    String options() {
        return "&token=" + container.getToken();
    }

    @Override
    String encoding() {
        return "msgpack";
    }
}
