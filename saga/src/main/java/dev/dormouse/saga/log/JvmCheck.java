package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.LogException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Whether this JVM may open a Chronicle queue, looked at before any of its classes is loaded:
/// afterwards its own errors say nothing that helps, and usage would have been reported.
final class JvmCheck {
  private static final String REPORTS_USAGE = "net.openhft.chronicle.analytics.Analytics";
  private static final String ANALYTICS_OFF = "chronicle.analytics.disable";

  /// Its talk at start, and a thread that watches disks and needs a library that is not here.
  private static final Map<String, String> QUIET =
      Map.of("chronicle.announcer.disable", "true", "chronicle.disk.monitor.disable", "true");

  private static final List<Access> ACCESSES =
      List.of(
          new Access("--add-exports", "jdk.internal.ref", false),
          new Access("--add-opens", "sun.nio.ch", true),
          new Access("--add-opens", "java.lang.reflect", true));

  private JvmCheck() {}

  /// @throws LogException with the exact line to add, or the jar to remove
  static void run() throws LogException {
    checkAccess(JvmCheck::granted);
    checkAnalytics(JvmCheck::isPresent);
    QUIET.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
  }

  static void checkAccess(Predicate<Access> granted) throws LogException {
    List<String> missing = new ArrayList<>();
    for (Access access : ACCESSES) {
      if (!granted.test(access)) {
        missing.add(access.flag());
      }
    }
    if (!missing.isEmpty()) {
      throw new LogException(
          LogException.Reason.UNUSABLE,
          "durable queues map their files by way of the JDK's inside, which this JVM does not"
              + " allow: start java with\n  "
              + String.join(" ", missing)
              + " --sun-misc-unsafe-memory-access=allow",
          null);
    }
  }

  /// The property is set here if nobody has, for Chronicle reads it when its first queue is built;
  /// a jar that could report is refused all the same.
  static void checkAnalytics(Predicate<String> present) throws LogException {
    if (present.test(REPORTS_USAGE)) {
      throw new LogException(
          LogException.Reason.UNUSABLE,
          "chronicle-analytics is on the class path and would report the use of queues over the"
              + " network: remove that jar",
          null);
    }
    if (System.getProperty(ANALYTICS_OFF) == null) {
      System.setProperty(ANALYTICS_OFF, "true");
    }
    if (!Boolean.getBoolean(ANALYTICS_OFF)) {
      throw new LogException(
          LogException.Reason.UNUSABLE,
          "queues would report their use over the network: start java with\n  -D"
              + ANALYTICS_OFF
              + "=true",
          null);
    }
  }

  private static boolean granted(Access access) {
    Module base = Object.class.getModule();
    Module ours = JvmCheck.class.getModule();
    return access.open
        ? base.isOpen(access.packageName, ours)
        : base.isExported(access.packageName, ours);
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, JvmCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  /// A package of the JDK that Chronicle reaches into.
  record Access(String option, String packageName, boolean open) {
    String flag() {
      return option + "=java.base/" + packageName + "=ALL-UNNAMED";
    }
  }
}
