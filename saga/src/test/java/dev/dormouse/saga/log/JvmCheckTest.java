package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.saga.queue.LogException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmCheckTest {
  private static final String PROPERTY = "chronicle.analytics.disable";

  @AfterEach
  void off() {
    System.setProperty(PROPERTY, "true");
  }

  @Test
  void these_tests_run_in_a_jvm_that_passes() {
    assertThatCode(JvmCheck::run).doesNotThrowAnyException();
  }

  @Test
  void missing_flags_are_named_as_they_are_to_be_typed() {
    assertThatThrownBy(() -> JvmCheck.checkAccess(access -> false))
        .isInstanceOfSatisfying(
            LogException.class, e -> assertThat(e.reason()).isEqualTo(LogException.Reason.UNUSABLE))
        .hasMessageContaining(
            "\n  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
                + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
                + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow");
  }

  @Test
  void only_what_is_missing_is_named() {
    assertThatThrownBy(
            () -> JvmCheck.checkAccess(access -> !access.packageName().equals("sun.nio.ch")))
        .hasMessageContaining("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
        .hasMessageNotContaining("jdk.internal.ref");
  }

  @Test
  void the_jar_that_reports_usage_is_refused_though_it_is_switched_off() {
    assertThatThrownBy(() -> JvmCheck.checkAnalytics(type -> true))
        .hasMessageContaining("remove that jar");
  }

  @Test
  void the_jar_that_reports_usage_is_not_here() {
    assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void reports_are_switched_off_where_nobody_said_anything() throws Exception {
    System.clearProperty(PROPERTY);

    JvmCheck.checkAnalytics(type -> false);

    assertThat(System.getProperty(PROPERTY)).isEqualTo("true");
  }

  @Test
  void a_jvm_that_wants_reports_is_refused() {
    System.setProperty(PROPERTY, "false");

    assertThatThrownBy(() -> JvmCheck.checkAnalytics(type -> false))
        .hasMessageContaining("-Dchronicle.analytics.disable=true");
  }
}
