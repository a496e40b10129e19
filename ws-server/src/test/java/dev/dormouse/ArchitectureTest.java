package dev.dormouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.dormouse.room.spi.Execution;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which module may import what. A module is the package right under `dev.dormouse`.
///
/// A rule whose subject is empty fails.
class ArchitectureTest {
  private static final String ROOM_OBJECTS = "dev.dormouse.room..";
  private static final String API = "dev.dormouse.room";
  private static final String SPI = "dev.dormouse.room.spi..";
  private static final String STORAGE = "dev.dormouse.storage..";
  private static final String HIBERNATION = "dev.dormouse.hibernation..";
  private static final String SAGA = "dev.dormouse.saga..";
  private static final String SAGA_API = "dev.dormouse.saga";
  private static final String ROOMS = "dev.dormouse.rooms..";
  private static final String TESTKIT = "dev.dormouse.testkit..";
  private static final String SERVER = "dev.dormouse.server..";
  private static final String OURS = "dev.dormouse..";

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.dormouse");

  @ParameterizedTest
  @ValueSource(strings = {ROOM_OBJECTS, STORAGE, HIBERNATION, SAGA, ROOMS, TESTKIT, SERVER})
  void every_module_is_seen_by_these_rules(String module) {
    assertThat(PRODUCTION.that(resideInAPackage(module))).isNotEmpty();
  }

  @Nested
  class The_arrows_between_modules {
    @Test
    void room_objects_knows_the_jdk_and_jspecify_only() {
      check(
          classes()
              .that()
              .resideInAPackage(ROOM_OBJECTS)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", ROOM_OBJECTS));
    }

    @Test
    void the_public_api_does_not_know_what_stands_behind_it() {
      check(
          noClasses()
              .that()
              .resideInAPackage(API)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("dev.dormouse.room.runtime.."));
    }

    @Test
    void storage_knows_room_objects_only() {
      check(onlyKnows(STORAGE, ROOM_OBJECTS));
    }

    @Test
    void hibernation_knows_room_objects_only() {
      check(onlyKnows(HIBERNATION, ROOM_OBJECTS));
    }

    @Test
    void saga_knows_room_objects_only() {
      check(onlyKnows(SAGA, ROOM_OBJECTS));
    }

    @Test
    void the_saga_engine_is_pure_and_needs_no_port() {
      check(
          classes()
              .that()
              .resideInAPackage("dev.dormouse.saga.engine..")
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage("java..", "org.jspecify..", API, SAGA));
    }

    @Test
    void the_testkit_knows_room_objects_and_saga() {
      check(onlyKnows(TESTKIT, ROOM_OBJECTS, SAGA));
    }

    @Test
    void rooms_know_what_people_who_write_rooms_know_and_the_doorman_port() {
      DescribedPredicate<JavaClass> doorman =
          resideInAPackage(SPI).and(nameMatching(".*\\.Doorman(\\$.*)?"));
      DescribedPredicate<JavaClass> allowed =
          resideInAnyPackage(API, ROOMS, SAGA_API)
              .or(doorman)
              .or(DescribedPredicate.not(resideInAPackage(OURS)));

      check(classes().that().resideInAPackage(ROOMS).should().onlyDependOnClassesThat(allowed));
    }

    @Test
    void nobody_knows_the_server() {
      check(
          noClasses()
              .that()
              .resideOutsideOfPackage(SERVER)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(SERVER));
    }

    @Test
    void there_is_no_cycle() {
      check(slices().matching("dev.dormouse.(*)..").should().beFreeOfCycles());
    }

    private static ArchRule onlyKnows(String module, String... others) {
      DescribedPredicate<JavaClass> allowed =
          resideInAPackage(module)
              .or(resideInAnyPackage(others))
              .or(DescribedPredicate.not(resideInAPackage(OURS)));
      return classes().that().resideInAPackage(module).should().onlyDependOnClassesThat(allowed);
    }
  }

  @Nested
  class The_doors_within_a_module {
    @Test
    void ports_are_for_our_own_modules() {
      check(
          classes()
              .that()
              .resideInAPackage(SPI)
              .and(DescribedPredicate.not(nameMatching(".*\\.Doorman(\\$.*)?")))
              .should()
              .onlyHaveDependentClassesThat()
              .resideInAnyPackage(ROOM_OBJECTS, STORAGE, HIBERNATION, SAGA, TESTKIT, SERVER));
    }

    @Test
    void the_runtime_is_for_the_wiring_in_the_server_and_the_testkit() {
      check(
          classes()
              .that()
              .resideInAPackage("..runtime..")
              .should()
              .onlyHaveDependentClassesThat()
              .resideInAnyPackage("dev.dormouse.room.runtime..", SERVER, TESTKIT));
    }

    @Test
    void the_saga_engine_is_for_the_wiring_and_the_testkit() {
      check(
          classes()
              .that()
              .resideInAPackage("dev.dormouse.saga.engine..")
              .should()
              .onlyHaveDependentClassesThat()
              .resideInAnyPackage(SAGA, SERVER, TESTKIT));
    }

    @Test
    void internal_packages_are_for_their_own_module() {
      check(
          classes()
              .that()
              .resideInAPackage("..internal..")
              .should(haveDependentsInTheirOwnModuleOnly())
              .allowEmptyShould(true));
    }
  }

  @Nested
  class The_libraries {
    @Test
    void jetty_is_in_the_server_only() {
      check(only(SERVER, "org.eclipse.jetty.."));
    }

    @Test
    void sql_is_in_storage_only() {
      check(only(STORAGE, "java.sql..", "javax.sql..", "org.sqlite.."));
    }

    @Test
    void json_is_in_storage_rooms_and_the_server() {
      check(
          noClasses()
              .that()
              .resideOutsideOfPackages(STORAGE, ROOMS, SERVER)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage("com.fasterxml.jackson..", "tools.jackson.."));
    }

    @Test
    void chronicle_is_in_the_log_of_queues_only() {
      check(only("dev.dormouse.saga.log..", "net.openhft.."));
    }

    @Test
    void the_command_line_is_in_the_server_only() {
      check(only(SERVER, "picocli..", "ch.qos.logback.."));
    }

    private static ArchRule only(String module, String... libraries) {
      return noClasses()
          .that()
          .resideOutsideOfPackage(module)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(libraries);
    }
  }

  @Nested
  class Time {
    @Test
    void comes_from_the_execution_port() {
      check(
          classes()
              .that()
              .resideInAnyPackage(ROOM_OBJECTS, STORAGE, HIBERNATION, SAGA, ROOMS)
              .and(DescribedPredicate.not(belongsToAnExecution()))
              .should(never(callMethodWhere(readsTheClockOrSleeps()))));
    }

    @Test
    void is_read_by_the_class_that_implements_the_port() {
      JavaClasses executions = PRODUCTION.that(belongsToAnExecution());

      assertThat(executions.stream().flatMap(type -> type.getMethodCallsFromSelf().stream()))
          .anyMatch(readsTheClockOrSleeps());
    }

    /// Classes that implement [Execution] under the name `SystemExecution`, and what is nested in
    /// them.
    private static DescribedPredicate<JavaClass> belongsToAnExecution() {
      return DescribedPredicate.describe(
          "belongs to a SystemExecution",
          type -> {
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
              outermost = outermost.getEnclosingClass().get();
            }
            return outermost.getSimpleName().equals("SystemExecution")
                && outermost.isAssignableTo(Execution.class);
          });
    }

    private static DescribedPredicate<JavaMethodCall> readsTheClockOrSleeps() {
      return DescribedPredicate.describe(
          "reads the system's clock or sleeps",
          call -> {
            String owner = call.getTargetOwner().getName();
            String method = call.getName();
            boolean withoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
            return switch (owner) {
              case "java.lang.System" ->
                  method.equals("currentTimeMillis") || method.equals("nanoTime");
              case "java.lang.Thread" -> method.equals("sleep");
              case "java.util.concurrent.TimeUnit" -> method.equals("sleep");
              case "java.time.Clock" -> method.startsWith("system") || method.startsWith("tick");
              case "java.time.InstantSource" -> method.equals("system");
              default -> owner.startsWith("java.time.") && method.equals("now") && withoutArguments;
            };
          });
    }
  }

  private static void check(ArchRule rule) {
    rule.check(PRODUCTION);
  }

  private static ArchCondition<JavaClass> haveDependentsInTheirOwnModuleOnly() {
    return new ArchCondition<>("have dependents in their own module only") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesToSelf()) {
          boolean same = module(dependency.getOriginClass()).equals(module(type));
          events.add(new SimpleConditionEvent(type, same, dependency.getDescription()));
        }
      }
    };
  }

  private static String module(JavaClass type) {
    return type.getPackageName().replaceFirst("^(dev\\.dormouse\\.[^.]+).*", "$1");
  }
}
