package dev.dormouse.server;

import java.lang.management.ManagementFactory;
import java.util.List;

/// Flags of this JVM that a server in a process of its own needs, too.
public final class JvmFlags {
  private JvmFlags() {}

  /// What opens the JDK's inside to durable queues.
  public static List<String> inside() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-") || flag.startsWith("--sun-misc-"))
        .toList();
  }
}
