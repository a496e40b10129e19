package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Arguments;
import dev.dormouse.loadtest.Descriptors;
import dev.dormouse.loadtest.StartException;
import dev.dormouse.loadtest.WireException;
import dev.dormouse.loadtest.figures.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The command: as many connections as are asked for, over as many processes as that takes, asleep,
/// woken, measured, and told in a report.
///
/// Exit codes: 0 when nothing was lost, 1 when something was or the run broke off, 2 for a command
/// line that it does not understand.
public final class Million {
  private Million() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT); // the report looks the same everywhere
    System.exit(run(List.of(arguments), Path.of(System.getProperty("dormouse.checkout", "."))));
  }

  private static int run(List<String> arguments, Path checkout)
      throws IOException, InterruptedException {
    try {
      MillionOptions options = MillionOptions.parse(arguments);
      if (options.help()) {
        System.out.print(MillionOptions.USAGE);
        return 0;
      }
      String command = ("loadtest/million " + String.join(" ", arguments)).strip();
      return run(command, options, checkout.toRealPath());
    } catch (Arguments.Misunderstood e) {
      System.err.print("loadtest/million: " + e.getMessage() + "\n\n" + MillionOptions.USAGE);
      return 2;
    } catch (StartException | WireException e) {
      System.err.println("loadtest/million: " + e.getMessage());
      return 1;
    }
  }

  private static int run(String command, MillionOptions options, Path checkout)
      throws IOException, InterruptedException {
    long limit = Descriptors.limit();
    Plan plan = plan(options, limit);
    int heap = options.heap().orElse(Plan.heap(plan.shares().getFirst()));
    System.err.printf(
        "%,d connections and %,d users; ulimit -Hn is %,d: %d servers of up to %d MiB heap, %d"
            + " holders%n",
        options.connections(), options.users(), limit, plan.servers(), heap, plan.servers());
    checkMemory(plan, heap, options.anyway());
    Outcome outcome = new Run(command, options, plan, limit, heap, checkout).run();
    Path folder =
        options
            .report()
            .orElse(checkout.resolve("docs/reports/connections-" + options.connections()));
    write(outcome, folder);
    System.err.println("The report is in " + folder);
    System.err.printf("%,d lost%n", outcome.lost());
    return outcome.lost() == 0 && outcome.sleepers().getLast().open() == plan.connections() ? 0 : 1;
  }

  private static Plan plan(MillionOptions options, long limit) {
    try {
      return Plan.of(options.connections(), options.users(), options.perRoom(), limit);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  private static void checkMemory(Plan plan, int heap, boolean anyway) throws IOException {
    long needed = plan.memory(heap);
    long available = Kernel.now().available();
    if (needed > available && !anyway) {
      throw new StartException(
          ("this may take up to %,d MiB, of which %,d are available; --heap makes servers smaller,"
                  + " --anyway begins all the same")
              .formatted(needed >> 20, available >> 20));
    }
  }

  private static void write(Outcome outcome, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Chart> chart : new Charts(outcome).all().entrySet()) {
      Files.writeString(folder.resolve(chart.getKey()), chart.getValue().svg());
    }
    Files.writeString(folder.resolve("README.md"), new MillionReport(outcome).markdown());
  }
}
