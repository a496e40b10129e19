package dev.dormouse.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Refuses to run where `-XX:+UseCompactObjectHeaders` corrupts data: JDK-8380060, by which the
/// optimising compiler of JDK 25.0 clears the first bytes of some copied arrays, silently.
final class HeaderCheck {
  private static final String FLAG = "UseCompactObjectHeaders";

  /// Enough for the optimising compiler to have compiled the loop long before its end.
  private static final int ROUNDS = 200_000;

  private HeaderCheck() {}

  /// @throws StartException if the flag is on and arrays are corrupted with it
  static void run() {
    if (flagIsOn() && corrupted() > 0) {
      throw new StartException(
          "this Java ("
              + Runtime.version()
              + ") corrupts data with -XX:+"
              + FLAG
              + " (JDK-8380060): start without that flag");
    }
  }

  private static boolean flagIsOn() {
    @Nullable HotSpotDiagnosticMXBean diagnostics =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (diagnostics == null) {
      return false;
    }
    try {
      return Boolean.parseBoolean(diagnostics.getVMOption(FLAG).getValue());
    } catch (IllegalArgumentException _) {
      // This Java has no such flag.
      return false;
    }
  }

  /// How many of many copies came out wrong.
  @SuppressWarnings("deprecation") // The constructor that shows the fault.
  private static int corrupted() {
    byte[] bytes = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    String right = "abcdefghijklmnopqrstuvw";
    int wrong = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (!new String(bytes, 0, 0, 24).substring(0, 23).equals(right)) {
        wrong++;
      }
    }
    return wrong;
  }
}
