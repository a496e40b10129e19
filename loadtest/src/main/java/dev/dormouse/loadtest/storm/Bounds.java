package dev.dormouse.loadtest.storm;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What the server may take under this load, at any time and more and more.
final class Bounds {
  private static final double RESIDENT_MIB = 1_024;
  private static final double THREADS = 250;
  private static final double DESCRIPTORS = 1_000;

  /// By how much the last third's middle may be above the first third's.
  private static final double GROWTH = 1.5;

  /// Beneath which growth is not looked at, in the unit of what grows.
  private static final double SLACK = 24;

  private Bounds() {}

  /// Adds a finding for each bound that was crossed.
  static void check(List<Vitals> vitals, Findings findings) {
    below(vitals, findings, "resident memory, MiB", Vitals::resident, RESIDENT_MIB);
    below(vitals, findings, "threads", Vitals::threads, THREADS);
    below(vitals, findings, "descriptors", Vitals::descriptors, DESCRIPTORS);
    below(vitals, findings, "live heap, MiB", Vitals::heap, RESIDENT_MIB);
  }

  private static void below(
      List<Vitals> all,
      Findings findings,
      String name,
      ToDoubleFunction<Vitals> part,
      double most) {
    double max = all.stream().mapToDouble(part).max().orElse(0);
    findings.check(max <= most, "resources", "%s: %.0f".formatted(name, max));
    double early = middle(all.subList(0, (all.size() + 2) / 3), part);
    double late = middle(all.subList(all.size() - (all.size() + 2) / 3, all.size()), part);
    findings.check(
        late <= early * GROWTH + SLACK,
        "resources",
        String.format(Locale.ROOT, "%s grew from %.1f to %.1f", name, early, late));
  }

  /// The median.
  static double middle(List<Vitals> some, ToDoubleFunction<Vitals> part) {
    double[] sorted = some.stream().mapToDouble(part).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
