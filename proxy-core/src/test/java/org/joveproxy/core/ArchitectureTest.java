package org.joveproxy.core;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.Future;
import org.joveproxy.core.threading.EventLoopConfined;

/** The shape of the data plane: which step of a request's way may know which, and what a confined class may not have. */
@AnalyzeClasses(
        packages = "org.joveproxy.core",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {
    /** Top-down. Nobody knows who stands above; the assembly alone knows all. */
    @ArchTest
    static final ArchRule aStepKnowsOnlyTheStepsBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("assembly")
            .definedBy("org.joveproxy.core")
            .layer("accept")
            .definedBy("..core.accept")
            .layer("downstream")
            .definedBy("..core.downstream")
            .layer("exchange")
            .definedBy("..core.exchange")
            .layer("errorpage")
            .definedBy("..core.errorpage")
            .layer("hub")
            .definedBy("..core.hub")
            .layer("relay")
            .definedBy("..core.relay")
            .layer("upstream")
            .definedBy("..core.upstream")
            .layer("codec")
            .definedBy("..core.codec")
            .layer("routing")
            .definedBy("..core.routing")
            .layer("failure")
            .definedBy("..core.failure")
            .layer("lifecycle")
            .definedBy("..core.lifecycle")
            .layer("observe")
            .definedBy("..core.observe")
            .layer("tls")
            .definedBy("..core.tls")
            .layer("config")
            .definedBy("..core.config")
            .layer("threading")
            .definedBy("..core.threading")
            .whereLayer("accept")
            .mayOnlyAccessLayers("failure", "lifecycle", "tls", "config", "threading")
            .whereLayer("downstream")
            .mayOnlyAccessLayers(
                    "exchange",
                    "errorpage",
                    "relay",
                    "codec",
                    "routing",
                    "failure",
                    "lifecycle",
                    "observe",
                    "config",
                    "threading")
            .whereLayer("exchange")
            .mayOnlyAccessLayers(
                    "errorpage",
                    "relay",
                    "upstream",
                    "routing",
                    "failure",
                    "lifecycle",
                    "observe",
                    "config",
                    "threading")
            .whereLayer("errorpage")
            .mayOnlyAccessLayers("upstream", "routing", "failure", "lifecycle", "observe", "config", "threading")
            .whereLayer("hub")
            .mayOnlyAccessLayers("upstream", "routing", "failure", "lifecycle", "observe", "config", "threading")
            .whereLayer("relay")
            .mayOnlyAccessLayers("routing", "failure", "lifecycle", "config", "threading")
            .whereLayer("upstream")
            .mayOnlyAccessLayers("codec", "routing", "failure", "lifecycle", "config", "threading")
            .whereLayer("codec")
            .mayOnlyAccessLayers("threading")
            .whereLayer("config")
            .mayOnlyAccessLayers("routing")
            .whereLayer("lifecycle")
            .mayOnlyAccessLayers("threading")
            .whereLayer("routing")
            .mayNotAccessAnyLayer()
            .whereLayer("failure")
            .mayNotAccessAnyLayer()
            .whereLayer("observe")
            .mayOnlyAccessLayers("routing", "failure")
            .whereLayer("tls")
            .mayNotAccessAnyLayer()
            .whereLayer("threading")
            .mayOnlyAccessLayers("config");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.joveproxy.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule confinedClassesShareNothing = noFields()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(EventLoopConfined.class)
            .should()
            .haveModifier(JavaModifier.VOLATILE)
            .orShould()
            .haveRawType(JavaClass.Predicates.resideInAPackage("java.util.concurrent.atomic"))
            .orShould()
            .haveRawType(JavaClass.Predicates.resideInAPackage("java.util.concurrent.locks"));

    @ArchTest
    static final ArchRule confinedClassesNeverWait = noClasses()
            .that()
            .areAnnotatedWith(EventLoopConfined.class)
            .should()
            .callMethodWhere(target(owner(JavaClass.Predicates.assignableTo(Future.class)))
                    .and(target(nameMatching("sync|syncUninterruptibly|await|awaitUninterruptibly|get|join"))));

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethodWhere(
                    target(owner(JavaClass.Predicates.type(Thread.class))).and(target(nameMatching("sleep"))));

    @ArchTest
    static final ArchRule nobodyPrints = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule metricsJsonAndCommandLineAreElsewhere = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "com.fasterxml..", "picocli..", "ch.qos.logback..");
}
