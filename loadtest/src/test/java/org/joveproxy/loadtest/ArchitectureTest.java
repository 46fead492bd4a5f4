package org.joveproxy.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The shape of the load test: scenarios stand on the stage, and the proxies it judges are black boxes. */
@AnalyzeClasses(
        packages = "org.joveproxy.loadtest",
        importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {
    @ArchTest
    static final ArchRule whoMayKnowWhom = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("command")
            .definedBy("org.joveproxy.loadtest")
            .layer("scenarios")
            .definedBy("..loadtest.leaks", "..loadtest.replicas")
            .layer("benchmark")
            .definedBy("..loadtest.benchmark")
            .layer("report")
            .definedBy("..loadtest.report")
            .layer("scenario")
            .definedBy("..loadtest.scenario")
            .layer("stage")
            .definedBy("..loadtest.stage")
            .layer("subject")
            .definedBy("..loadtest.subject")
            .layer("kernel")
            .definedBy("..loadtest.kernel")
            .whereLayer("scenarios")
            .mayOnlyAccessLayers("scenario", "stage", "subject", "kernel")
            .whereLayer("benchmark")
            .mayOnlyAccessLayers("report", "scenario", "stage", "subject", "kernel")
            .whereLayer("report")
            .mayOnlyAccessLayers("scenario", "subject", "kernel")
            .whereLayer("scenario")
            .mayOnlyAccessLayers("stage", "subject", "kernel")
            .whereLayer("stage")
            .mayOnlyAccessLayers("subject", "kernel")
            .whereLayer("subject")
            .mayNotAccessAnyLayer()
            .whereLayer("kernel")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule aProxyIsABlackBox = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.joveproxy.core..",
                    "org.joveproxy.api..",
                    "org.joveproxy.metrics..",
                    "org.joveproxy.store..",
                    "org.joveproxy.app..");
}
