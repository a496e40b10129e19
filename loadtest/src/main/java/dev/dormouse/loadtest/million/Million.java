package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Descriptors;
import dev.dormouse.loadtest.StartException;
import dev.dormouse.loadtest.Tool;
import dev.dormouse.loadtest.figures.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The command: as many connections as are asked for, over as many processes as that takes, asleep,
/// woken, measured, and told in a report.
public final class Million {
  private static final Tool TOOL = new Tool("loadtest/million", MillionOptions.USAGE);

  private Million() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path checkout = Path.of(System.getProperty("dormouse.checkout", "."));
    TOOL.run(
        arguments,
        words -> run(TOOL.line(words), MillionOptions.parse(words), checkout.toRealPath()));
  }

  /// @return whether nothing was lost
  private static boolean run(String command, MillionOptions options, Path checkout)
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
    return outcome.lost() == 0 && outcome.sleepers().getLast().open() == plan.connections();
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
