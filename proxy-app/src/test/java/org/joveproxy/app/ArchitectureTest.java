package org.joveproxy.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.joveproxy", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String APP = "org.joveproxy.app..";

    @ArchTest
    static final ArchRule nobodyKnowsTheCommand = noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APP);

    @ArchTest
    static final ArchRule theApiDoesNotKnowTheMetrics = noClasses()
            .that()
            .resideInAPackage("org.joveproxy.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.joveproxy.metrics..");

    @ArchTest
    static final ArchRule theMetricsDoNotKnowTheApi = noClasses()
            .that()
            .resideInAPackage("org.joveproxy.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.joveproxy.api..");

    @ArchTest
    static final ArchRule theCoreKnowsNoOtherModule = noClasses()
            .that()
            .resideInAPackage("org.joveproxy.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.joveproxy.api..", "org.joveproxy.metrics..", APP);

    @ArchTest
    static final ArchRule onlyTheLogSetupKnowsLogback = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("Log")
            .and()
            // The core's tools for tests are on the class path too.
            .resideOutsideOfPackage("org.joveproxy.core.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ch.qos.logback..");

    /** The Java in the image has few modules (see docker/assemble), and misses a class only when it is needed. */
    @ArchTest
    static final ArchRule whatTheImageLacksIsNotUsed = noClasses()
            .that()
            .resideOutsideOfPackage("org.joveproxy.core.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net.http..", "com.sun.net.httpserver..", "javax.naming..", "java.sql..", "javax.xml..");

    @ArchTest
    static final ArchRule classesOfTheCommandAreFinal = classes()
            .that()
            .resideInAPackage(APP)
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule onlyWhatIsStartedFromOutsideIsPublic = classes()
            .that()
            .resideInAPackage(APP)
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveSimpleName("Main")
            .orShould()
            .haveSimpleName("Rehearsal")
            .orShould()
            .haveSimpleName("LogSetup");

    @ArchTest
    static final ArchRule staticFieldsAreConstants = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage(APP)
            .and()
            .areStatic()
            .should()
            .beFinal();
}
