package io.goshare.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.goshare.client.GoShare;
import io.goshare.it.fixture.ServerExtension;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the SDK promises to those who put it on their class path. */
final class MannersTest {
    /** Who takes Micrometer's binder has Micrometer; the wire is between the two sides of GoShare. */
    private static final List<String> EXEMPT = List.of("io.goshare.client.metrics", "io.goshare.protocol.wire");

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    private static JavaClasses sdk() {
        return new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.goshare.client", "io.goshare.protocol");
    }

    @Test
    void noTypeOfALibraryStandsInAPublicSignature() {
        List<String> foreign = new ArrayList<>();
        for (JavaClass type : sdk()) {
            if (!isPublic(type) || EXEMPT.contains(type.getPackageName())) {
                continue;
            }
            Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                    .filter(MannersTest::isForeign)
                    .forEach(parent -> foreign.add(type.getName() + " is a " + parent.getName()));
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                if (isSeen(unit.getModifiers())) {
                    Stream.concat(
                                    unit.getParameterTypes().stream(),
                                    Stream.concat(Stream.of(unit.getReturnType()), unit.getExceptionTypes().stream()))
                            .flatMap(part -> part.getAllInvolvedRawTypes().stream())
                            .filter(MannersTest::isForeign)
                            .forEach(part -> foreign.add(unit.getFullName() + " has " + part.getName()));
                }
            }
            for (JavaField field : type.getFields()) {
                if (isSeen(field.getModifiers()) && isForeign(field.getRawType())) {
                    foreign.add(field.getFullName());
                }
            }
        }
        assertThat(foreign).isEmpty();
        assertThat(sdk().stream().filter(MannersTest::isPublic)).hasSizeGreaterThan(50);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(MannersTest::isPublic).orElse(true);
    }

    private static boolean isSeen(java.util.Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean isForeign(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        return name.contains(".") && !name.startsWith("java.") && !name.startsWith("io.goshare.");
    }

    @Test
    void theClientHasNoStaticState() {
        List<String> state = sdk().stream()
                .filter(type -> type.getPackageName().startsWith("io.goshare.client"))
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                        && !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)
                        || field.getRawType().isAssignableTo(java.util.concurrent.atomic.AtomicLong.class)
                        || field.getRawType().isAssignableTo(java.util.Map.class))
                .map(JavaField::getFullName)
                .toList();
        assertThat(state).isEmpty();
    }

    @Test
    void eachTransportWorksWithoutTheOthersLibrary() throws Exception {
        try (URLClassLoader lacking = without("okhttp", "goshare-server")) {
            assertThat(ping(lacking, "goshare:zmq://" + server.zmq())).isEqualTo("ok");
            assertThat(ping(lacking, "goshare:http://" + server.http()))
                    .contains("ConfigurationException")
                    .contains("okhttp-jvm");
        }
        try (URLClassLoader lacking = without("jeromq", "goshare-server")) {
            assertThat(ping(lacking, "goshare:zmq://" + server.zmq())).isEqualTo("ok");
            assertThat(ping(lacking, "goshare:http://" + server.http())).isEqualTo("ok");
        }
    }

    /** What comes of a ping with the SDK of {@code loader}. */
    private static String ping(ClassLoader loader, String url) throws Exception {
        Class<?> type = loader.loadClass(GoShare.class.getName());
        assertThat(type.getClassLoader()).isSameAs(loader);
        try (AutoCloseable db =
                (AutoCloseable) type.getMethod("connect", String.class).invoke(null, url)) {
            Object admin = type.getMethod("admin").invoke(db);
            admin.getClass().getMethod("ping").invoke(admin);
            return "ok";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    /**
     * The class path of this test but for jars whose name contains one of {@code names}: the server's is one of them,
     * for its manifest names all libraries.
     */
    private static URLClassLoader without(String... names) throws IOException {
        Predicate<String> kept = entry -> Arrays.stream(names)
                .noneMatch(name -> Path.of(entry).getFileName().toString().contains(name));
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (kept.test(entry)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
