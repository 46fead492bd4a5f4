package org.joveproxy.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.atomic.AtomicReference;
import org.joveproxy.core.threading.EventLoopConfined;

@AnalyzeClasses(packages = "org.joveproxy.api", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheSharedPartsOfTheCoreAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.joveproxy.core",
                    "org.joveproxy.core.downstream..",
                    "org.joveproxy.core.exchange..",
                    "org.joveproxy.core.upstream..",
                    "org.joveproxy.core.relay..",
                    "org.joveproxy.core.failure..",
                    "org.joveproxy.core.errorpage..",
                    "org.joveproxy.metrics..",
                    "org.joveproxy.app..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.joveproxy.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheServerAndWhatItIsGivenArePublic = classes()
            .that()
            .doNotHaveSimpleName("AdminServer")
            .and()
            .doNotHaveSimpleName("AdminConfig")
            .and()
            .doNotHaveSimpleName("LogLevel")
            .and()
            .doNotHaveSimpleName("Routing")
            .and()
            .doNotHaveSimpleName("ProxyFacts")
            .and()
            .doNotHaveFullyQualifiedName("org.joveproxy.api.MetricsAccess")
            .and()
            .doNotHaveSimpleName("Source")
            .and()
            .doNotHaveSimpleName("Page")
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule classesAreFinalOrInterfaces = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule confinedClassesShareNothing = fields().that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(EventLoopConfined.class)
            .should()
            .notHaveModifier(JavaModifier.VOLATILE)
            .andShould()
            .notHaveRawType(AtomicReference.class);
}
