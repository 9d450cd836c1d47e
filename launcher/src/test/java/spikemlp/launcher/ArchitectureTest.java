package spikemlp.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.jspecify.annotations.NullMarked;

/** The lines that the architecture draws between modules, packages and libraries. */
@AnalyzeClasses(packages = "spikemlp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] CORE = {
    "spikemlp.augment..",
    "spikemlp.neuron..",
    "spikemlp.layer..",
    "spikemlp.network..",
    "spikemlp.kernel..",
    "spikemlp.training..",
    "spikemlp.checkpoint..",
    "spikemlp.data..",
    "spikemlp.export..",
    "spikemlp.estimate..",
    "spikemlp.neurobench..",
    "spikemlp.report..",
    "spikemlp.vector.."
  };

  private static final DescribedPredicate<JavaClass> IN_CORE =
      JavaClass.Predicates.resideInAnyPackage(CORE);

  @ArchTest
  static final ArchRule nd4jStaysInTheCoreAndTheTrainersJobs =
      noClasses()
          .that(
              DescribedPredicate.not(IN_CORE)
                  .and(
                      DescribedPredicate.not(
                          JavaClass.Predicates.resideInAnyPackage(
                              "spikemlp.trainer.job..", "spikemlp.benchmark.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule onnxRuntimeStaysInInferenceAndTheExportsCheck =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "spikemlp.inference..", "spikemlp.export..", "spikemlp.benchmark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule inferenceKnowsNoCore =
      noClasses()
          .that()
          .resideInAnyPackage("spikemlp.inference..", "spikemlp.registry..")
          .should()
          .dependOnClassesThat(IN_CORE);

  @ArchTest
  static final ArchRule theCoreKnowsNoSpring =
      noClasses()
          .that(IN_CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "jakarta..",
              "spikemlp.security..",
              "spikemlp.problem..",
              "spikemlp.trainer..");

  @ArchTest
  static final ArchRule theContractKnowsTheJdkAlone =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("spikemlp.contract..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "javax.imageio..", "org.jspecify..", "spikemlp.contract..");

  @ArchTest static final ArchRule theTrainerStandsAlone = alone("trainer", "registry", "inference");

  @ArchTest
  static final ArchRule theRegistryStandsAlone = alone("registry", "trainer", "inference");

  @ArchTest static final ArchRule inferenceStandsAlone = alone("inference", "trainer", "registry");

  @ArchTest
  static final ArchRule theFrontDoorKnowsNoService =
      noClasses()
          .that()
          .resideInAPackage("spikemlp.frontdoor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("spikemlp.trainer..", "spikemlp.registry..", "spikemlp.inference..");

  @ArchTest
  static final ArchRule nobodyKnowsTheLauncher =
      noClasses()
          .that()
          .resideOutsideOfPackages("spikemlp.launcher..", "spikemlp.benchmark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("spikemlp.launcher..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("spikemlp.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("spikemlp..")
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should(beInANullMarkedPackage());

  private static ArchRule alone(String service, String... others) {
    return noClasses()
        .that()
        .resideInAPackage("spikemlp." + service + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "spikemlp." + others[0] + "..",
            "spikemlp." + others[1] + "..",
            "spikemlp.frontdoor..",
            "spikemlp.postgres..");
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return new ArchCondition<>("be in a package with @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        JavaPackage home = type.getPackage();
        if (!home.isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  type, home.getName() + " has no package-info.java with @NullMarked"));
        }
      }
    };
  }
}
