package org.joveproxy.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.joveproxy.core.threading.EventLoopConfined;

@AnalyzeClasses(packages = "org.joveproxy.metrics", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsOnlyWhatItCounts = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.netty..",
                    "io.micrometer..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "org.joveproxy.metrics..",
                    "org.joveproxy.core.accept..",
                    "org.joveproxy.core.config..",
                    "org.joveproxy.core.failure..",
                    "org.joveproxy.core.lifecycle..",
                    "org.joveproxy.core.observe..",
                    "org.joveproxy.core.routing..",
                    "org.joveproxy.core.threading..");

    @ArchTest
    static final ArchRule onlyTheJvmIsMeasuredByALibrary = noClasses()
            .that()
            .doNotHaveSimpleName("MicrometerSeries")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule classesAreFinal =
            classes().that().areNotInterfaces().and().areNotEnums().should().haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule onlyWhatTheCommandWiresIsPublic = classes()
            .that()
            .arePublic()
            .should()
            .haveSimpleName("MetricsObserver")
            .orShould()
            .haveSimpleName("MetricsPage")
            .orShould()
            .haveSimpleName("MetricsServer")
            .orShould()
            .haveSimpleName("MetricsRenderer")
            .orShould()
            .haveSimpleName("PageFormat")
            .orShould()
            .haveSimpleName("RouteCounts")
            .orShould()
            .haveSimpleName("Build")
            .orShould()
            .haveSimpleName("Sources")
            .orShould()
            .haveSimpleName("Sharing")
            .orShould()
            .haveSimpleName("Certificate");

    @ArchTest
    static final ArchRule staticFieldsAreConstants =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule confinedClassesHoldNothingShared = fields().that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(EventLoopConfined.class)
            .should()
            .notHaveModifier(JavaModifier.VOLATILE)
            .andShould()
            .notHaveRawType(DescribedPredicate.describe(
                    "a lock or an atomic",
                    (JavaClass type) -> type.getPackageName().startsWith("java.util.concurrent.")
                            && !type.getPackageName().equals("java.util.concurrent")));
}
