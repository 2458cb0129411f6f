package io.goshare.it.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which package may see which; docs/architecture.md tells why. Rules hold also for packages that come later. */
@AnalyzeClasses(packages = "io.goshare", importOptions = DoNotIncludeTests.class)
final class PackageRulesTest {
    private static final String PROTOCOL = "io.goshare.protocol..";
    private static final String CLIENT = "io.goshare.client..";
    private static final String SERVER = "io.goshare.server..";
    /** Exactly this package: the only wiring. */
    private static final String WIRING = "io.goshare.server";

    private static final String HTTP = "io.goshare.server.http..";
    private static final String ZEROMQ = "io.goshare.server.zeromq..";
    private static final String CLI = "io.goshare.server.cli..";
    private static final String EMBEDDED = "io.goshare.server.embedded..";

    /** Each may import what stands to its right. */
    private static final List<String> FEATURES = List.of(
            "io.goshare.server.datastore..",
            "io.goshare.server.watch..",
            "io.goshare.server.history..",
            "io.goshare.server.query..",
            "io.goshare.server.series..",
            "io.goshare.server.namespace..",
            "io.goshare.server.keyvalue..",
            "io.goshare.server.commit..",
            "io.goshare.server.engine..");

    @ArchTest
    static void theRulesSeeBothModules(JavaClasses classes) {
        assertThat(classes).anyMatch(resideInAPackage(PROTOCOL)).anyMatch(resideInAPackage(SERVER));
    }

    @ArchTest
    static void featuresImportOnlyRightwards(JavaClasses classes) {
        for (int i = 0; i < FEATURES.size(); i++) {
            String[] left = FEATURES.subList(0, i).toArray(String[]::new);

            none(resideInAPackage(FEATURES.get(i)), resideInAnyPackage(left)).check(classes);
        }
    }

    @ArchTest
    static final ArchRule featuresKnowNoDoorAndNoWiring = none(
            resideInAnyPackage(FEATURES.toArray(String[]::new)),
            resideInAnyPackage(WIRING, HTTP, ZEROMQ, CLI, EMBEDDED));

    @ArchTest
    static final ArchRule theHttpDoorSeesOnlyTheProtocol =
            none(resideInAPackage(HTTP), goshare().and(outside(PROTOCOL, HTTP)));

    @ArchTest
    static final ArchRule theZeroMqDoorSeesOnlyTheProtocol =
            none(resideInAPackage(ZEROMQ), goshare().and(outside(PROTOCOL, ZEROMQ)));

    @ArchTest
    static final ArchRule theProtocolKnowsNeitherSide =
            none(resideInAPackage(PROTOCOL), resideInAnyPackage(CLIENT, SERVER));

    @ArchTest
    static final ArchRule theClientKnowsNoServer = none(resideInAPackage(CLIENT), resideInAPackage(SERVER));

    @ArchTest
    static final ArchRule onlyTheToolAndTheEmbeddedConnectionSeeTheClient =
            none(resideInAPackage(SERVER).and(outside(CLI, EMBEDDED)), resideInAPackage(CLIENT));

    @ArchTest
    static void onlyTheWiringSeesEngineImplementations(JavaClasses classes) {
        for (String name : List.of("leveldb", "rocksdb", "memory")) {
            String engine = "io.goshare.server.engine." + name + "..";

            none(outside(WIRING, engine), resideInAPackage(engine)).check(classes);
        }
    }

    @ArchTest
    static final ArchRule levelDbHasOneOwner =
            onlyIn(List.of("io.goshare.server.engine.leveldb.."), "org.fusesource..", "org.iq80..");

    @ArchTest
    static final ArchRule rocksDbStaysInItsEngine =
            onlyIn(List.of("io.goshare.server.engine.rocksdb.."), "org.rocksdb..");

    @ArchTest
    static final ArchRule jettyStaysInItsDoor = onlyIn(List.of(HTTP), "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule zeroMqStaysInItsDoorAndItsTransport =
            onlyIn(List.of(ZEROMQ, "io.goshare.client.transport.zeromq.."), "org.zeromq..", "zmq..");

    @ArchTest
    static final ArchRule okHttpStaysInItsTransport =
            onlyIn(List.of("io.goshare.client.transport.http.."), "okhttp3..", "okio..");

    /** LevelDB's reverse iteration ends the process in some states: newest first is in the keys instead. */
    @ArchTest
    static final ArchRule iteratorsOnlyGoForward = noClasses()
            .should()
            .accessTargetWhere(calls(Set.of("seekToLast", "prev", "peekPrev", "hasPrev"), "backward iteration"));

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .accessTargetWhere(calls(Set.of("sleep"), "a sleep").and(describe("of a thread", access -> {
                JavaClass owner = access.getTargetOwner();
                return owner.isAssignableTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class);
            })));

    private static ArchRule none(DescribedPredicate<? super JavaClass> from, DescribedPredicate<? super JavaClass> to) {
        return noClasses().that(from).should().dependOnClassesThat(to).allowEmptyShould(true);
    }

    private static ArchRule onlyIn(List<String> owners, String... library) {
        return none(outside(owners.toArray(String[]::new)), resideInAnyPackage(library));
    }

    private static DescribedPredicate<JavaClass> goshare() {
        return resideInAPackage("io.goshare..");
    }

    private static DescribedPredicate<JavaClass> outside(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages)).as("reside outside " + Arrays.toString(packages));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Set<String> methods, String description) {
        return describe(description, access -> methods.contains(access.getName()));
    }
}
