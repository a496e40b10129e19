package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Calm;
import dev.dormouse.loadtest.Machine;
import dev.dormouse.loadtest.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The command: sagas beside a peer, or asleep, or overdue.
public final class Sagas {
  private static final Tool TOOL = new Tool("loadtest/sagas", SagaOptions.USAGE);

  private Sagas() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path checkout = Path.of(System.getProperty("dormouse.checkout", "."));
    TOOL.run(
        arguments, words -> run(TOOL.line(words), SagaOptions.parse(words), checkout.toRealPath()));
  }

  /// @return false if what was overdue took too long
  private static boolean run(String command, SagaOptions options, Path checkout)
      throws IOException {
    Path work = checkout.resolve("loadtest/target/sagas");
    Files.createDirectories(work);
    System.out.println("Command: `" + command + "`\n");
    Machine.facts(work).forEach((name, fact) -> System.out.println("- " + name + ": " + fact));
    System.out.println();
    if (options.sleeping().isPresent()) {
      new Sleepers(options.sleeping().get(), options.perRoom()).measure(checkout, work);
      return true;
    }
    if (options.overdue().isPresent()) {
      return new Overdue(
              options.overdue().get(), options.perRoom(), options.dueAfter(), options.within())
          .measure(checkout, work);
    }
    if (options.alarms().isPresent()) {
      return new OverdueAlarms(
              options.alarms().get(), options.perRoom(), options.dueAfter(), options.within())
          .measure(checkout, work);
    }
    beside(options, checkout, work);
    return true;
  }

  private static void beside(SagaOptions options, Path checkout, Path work) throws IOException {
    List<Side> sides = new ArrayList<>();
    try {
      Path data = work.resolve("dormouse-" + ProcessHandle.current().pid());
      sides.add(DormouseSide.start(checkout, work, data));
      if (options.peer()) {
        Optional<RestatePackage> restate =
            RestatePackage.find(checkout.resolve("loadtest/peers/restate"), work);
        if (restate.isPresent()) {
          sides.add(RestateSide.start(restate.get(), work));
        } else {
          System.err.println("No peer: Restate's npm packages could not be had, see " + work);
        }
      }
      SagaReport report = new SagaReport(sides.stream().map(Side::name).toList());
      measure(options, sides, report);
      System.out.println(options.smoke() ? "Every answer was right." : report.markdown());
    } finally {
      for (Side side : sides) {
        side.close();
      }
    }
  }

  /// @param ledger what its objects must have stored
  private record Entrant(Side side, Ledger ledger) {}

  private static void measure(SagaOptions options, List<Side> sides, SagaReport report)
      throws IOException {
    List<Entrant> entrants = sides.stream().map(side -> new Entrant(side, new Ledger())).toList();
    int round = 0;
    for (int run = 0; run < options.repeat(); run++) {
      for (int clients : options.atOnce()) {
        Drive drive =
            new Drive(round++, clients, options.objects(), options.warmUp(), options.measured());
        // Who goes first changes, so that neither always finds what the other left behind.
        for (Entrant entrant : run % 2 == 0 ? entrants : entrants.reversed()) {
          Calm.await(options.patience());
          Drive.Sample sample = drive.run(entrant.side(), entrant.ledger());
          report.add(clients, entrant.side().name(), sample);
          System.err.println(SagaReport.line(clients, entrant.side().name(), sample));
        }
      }
    }
    for (Entrant entrant : entrants) {
      check(entrant.side(), entrant.ledger(), options.objects());
    }
  }

  /// Reads all objects of a server.
  private static void check(Side side, Ledger ledger, int objects) {
    Counts all =
        ledger.check(
            objects,
            object -> {
              try {
                return side.counts(object);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    System.err.printf(
        "%s: %,d steps done and %,d undone, as they should be on each of %,d objects%n",
        side.name(), all.done(), all.undone(), objects);
  }
}
