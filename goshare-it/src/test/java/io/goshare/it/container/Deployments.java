package io.goshare.it.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes a test's deployments and removes them behind it; of a test that failed the report has their logs. */
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

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            if (context.getExecutionException().isPresent()) {
                for (Deployment one : made) {
                    System.out.println("---- log of the server of " + context.getDisplayName());
                    System.out.println(one.log());
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
