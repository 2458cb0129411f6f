package io.goshare.it.container;

import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The image of this build, made by goshare-server/Dockerfile once for all tests and removed when they have ended.
 * {@code -Dit.base.image} names another base than the Dockerfile does.
 */
final class ServerImage {
    private static final String BASE = System.getProperty("it.base.image", "");
    private static Optional<String> obstacle;
    private static String name;

    private ServerImage() {}

    /** Why there is no image, if there is none. */
    static synchronized Optional<String> obstacle() {
        if (obstacle == null) {
            obstacle = make();
        }
        return obstacle;
    }

    /** Its name, where there is no {@link #obstacle}. */
    static synchronized String name() {
        obstacle().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        return name;
    }

    /** Removes it. */
    static synchronized void remove() {
        if (name != null) {
            DockerClientFactory.lazyClient()
                    .removeImageCmd(name)
                    .withForce(true)
                    .exec();
        }
    }

    private static Optional<String> make() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no Docker engine answers (DOCKER_HOST="
                    + Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("") + ")");
        }
        try {
            name = build().get();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("the image cannot be built: " + cause(e) + "; -Dit.base.image names another base image");
        }
    }

    private static ImageFromDockerfile build() {
        Path jar = Path.of(Optional.ofNullable(System.getProperty("goshare.it.serverJar"))
                        .orElseThrow(
                                () -> new IllegalStateException("goshare.it.serverJar is not set: run by failsafe")))
                .normalize();
        Path target = jar.getParent();
        Path module = target.getParent();
        ImageFromDockerfile image = new ImageFromDockerfile(
                "localhost/goshare-it:" + ProcessHandle.current().pid(), false);
        image.withFileFromPath("Dockerfile", module.resolve("Dockerfile"));
        image.withFileFromPath("goshare", module.resolveSibling("goshare"));
        image.withFileFromPath("goshare-server/target/" + jar.getFileName(), jar);
        image.withFileFromPath("goshare-server/target/lib", target.resolve("lib"));
        image.withFileFromPath("goshare-server/target/native", target.resolve("native"));
        image.withFileFromPath("goshare-server/src/main/docker", module.resolve("src/main/docker"));
        return BASE.isEmpty() ? image : image.withBuildArg("BASE_IMAGE", BASE);
    }

    private static String cause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
    }
}
