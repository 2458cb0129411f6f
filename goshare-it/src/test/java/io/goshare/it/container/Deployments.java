package io.goshare.it.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes a test's deployments and removes them behind it; of a test that failed the report has their logs and clients'.
 */
final class Deployments implements AfterEachCallback {
    /** How a deployment is made. */
    interface Kind {
        Deployment make() throws IOException;
    }

    private final Kind kind;
    private final List<Deployment> made = new ArrayList<>();

    Deployments(Kind kind) {
        this.kind = kind;
    }

    /** A new one, not started. */
    Deployment make() throws IOException {
        return keep(kind.make());
    }

    /** Takes care of {@code deployment} too. */
    <T extends Deployment> T keep(T deployment) {
        made.add(deployment);
        return deployment;
    }

    /** Skips the test, with one line that tells so, where the machine lacks something. */
    static void require(boolean there, String missing) {
        if (!there) {
            System.err.println("SKIPPED a test: " + missing);
        }
        assumeTrue(there, missing);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            if (context.getExecutionException().isPresent()) {
                for (Deployment one : made) {
                    System.out.println("---- log of the server of " + context.getDisplayName());
                    System.out.println(one.log());
                    System.out.println("---- log of its clients");
                    System.out.println(one.clientLog.text());
                }
            }
        } finally {
            for (Deployment one : made) {
                one.close();
            }
            made.clear();
        }
    }
}
