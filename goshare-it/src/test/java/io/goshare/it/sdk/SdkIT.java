package io.goshare.it.sdk;

import io.goshare.it.fixture.ServerExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link SdkContract} against a server in this process, of which each test has one of its own. */
final class SdkIT extends SdkCombinations {
    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    @Override
    String http() {
        return server.http();
    }

    @Override
    String zmq() {
        return server.zmq();
    }
}
