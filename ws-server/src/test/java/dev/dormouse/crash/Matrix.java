package dev.dormouse.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// Many trials on a few threads, each with arenas of its own: most of a trial is waiting.
final class Matrix {
  /// One trial.
  ///
  /// @param hit 0 if it is not by passes
  record Cell(String point, String what, int hit, Act act) {}

  /// What is done.
  interface Act {
    void in(Trials trials) throws Exception;
  }

  private Matrix() {}

  /// Runs all, in an order of the seed's, whatever comes of each.
  ///
  /// @return what went wrong
  static List<String> run(
      List<Cell> cells, int threads, long seed, CrashReport report, Supplier<Trials> trials)
      throws InterruptedException {
    List<Cell> shuffled = new ArrayList<>(cells);
    Collections.shuffle(shuffled, new Random(seed));
    ConcurrentLinkedQueue<Cell> left = new ConcurrentLinkedQueue<>(shuffled);
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          Thread.ofPlatform()
              .name("trials-" + i)
              .start(() -> work(left, trials.get(), report, wrong)));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return wrong;
  }

  private static void work(
      ConcurrentLinkedQueue<Cell> left, Trials own, CrashReport report, List<String> wrong) {
    try (own) {
      for (Cell cell = left.poll(); cell != null; cell = left.poll()) {
        Pause.between();
        try {
          cell.act.in(own);
        } catch (Exception | AssertionError failed) {
          report.failed(cell.point, cell.what, cell.hit, String.valueOf(failed.getMessage()));
          wrong.add("%s at %s, pass %d: %s".formatted(cell.point, cell.what, cell.hit, failed));
        }
      }
    } catch (Exception failed) {
      wrong.add("an arena could not be left: " + failed);
    }
  }
}
