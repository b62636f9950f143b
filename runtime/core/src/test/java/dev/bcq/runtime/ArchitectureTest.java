package dev.bcq.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "dev.bcq.runtime.";

  /** Low to high: a package uses only packages to its left. */
  private static final List<String> ORDER =
      List.of("tensor", "kernels", "ops", "layers", "model", "decoding");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.bcq.runtime");

  @Test
  void packagesUseOnlyWhatIsBelowThem() {
    for (int low = 0; low < ORDER.size(); low++) {
      for (int high = low + 1; high < ORDER.size(); high++) {
        noClasses()
            .that()
            .resideInAPackage(ROOT + ORDER.get(low))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ORDER.get(high))
            .check(CLASSES);
      }
      noClasses()
          .that()
          .resideInAPackage(ROOT + ORDER.get(low))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.bcq.runtime", ROOT + "text")
          .check(CLASSES);
    }
  }

  @Test
  void textKnowsNothingOfTransformers() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "text")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ORDER.stream().map(name -> ROOT + name).toArray(String[]::new))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("dev.bcq.runtime")
        .check(CLASSES);
  }

  @Test
  void nothingNeedsMoreThanPlainJava() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..", "jdk..", "sun..", "dev.bcq.format.generated..")
        .check(CLASSES);
  }
}
