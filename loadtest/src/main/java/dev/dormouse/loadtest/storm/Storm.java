package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Machine;
import dev.dormouse.loadtest.ServerProcess;
import dev.dormouse.loadtest.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `loadtest/storm`: a server with its real rooms under load, one fault after the other, and after
/// each all books compared. Ends with 1 if anything is wrong; then the server's folder stays.
///
/// Without `-Ddormouse.storm.work` it only reads its words.
final class Storm {
  private static final int SLEEPING = 40;
  private static final int SHARING = 3;
  private static final int WRITING = 3;

  private Storm() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    new Tool("loadtest/storm", StormOptions.USAGE)
        .run(
            arguments,
            words -> {
              StormOptions options = StormOptions.parse(words);
              return System.getProperty("dormouse.storm.work") == null || run(options);
            });
  }

  /// @return whether nothing was found
  private static boolean run(StormOptions options) throws IOException, InterruptedException {
    Path work = Path.of(property("dormouse.storm.work"));
    Path disk = Path.of(property("dormouse.storm.disk"));
    boolean ownDisk = property("dormouse.storm.mounted").equals("yes");
    Path library = work.resolve("storm.so");
    @Nullable Path preload = Files.exists(library) ? library : null;
    URI main = ServerProcess.freeAddress();
    URI bench = ServerProcess.freeAddress();
    int admin = ServerProcess.freeAddress().getPort();
    Path control = work.resolve("control");
    Nature nature = new Nature(disk, control);
    Weather weather = new Weather();
    Findings findings = new Findings(weather);
    Wire wire = new Wire(weather, main, bench);
    Schedule schedule = new Schedule(options.seed(), possible(ownDisk, preload), options.longest());
    List<Client> clients = clients(wire, findings, options.seed());
    Map<String, String> machine = Machine.facts(disk);
    Course course;
    try (Target target =
            new Target(
                Path.of(property("dormouse.checkout")),
                work,
                disk.resolve("data"),
                preload,
                control,
                main,
                bench,
                admin);
        Troupe troupe = new Troupe(findings, clients)) {
      course = new Course(options, target, nature, weather, findings, troupe);
      course.run(schedule);
      Bounds.check(course.vitals(), findings);
      String report =
          new StormReport(options, machine, course, clients, weather, findings, target.starts())
              .markdown(target.log(), possible(ownDisk, preload));
      if (options.report().isPresent()) {
        Files.createDirectories(options.report().get().toAbsolutePath().getParent());
        Files.writeString(options.report().get(), report);
      }
      System.out.print(report);
    }
    return findings.count() == 0;
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("loadtest/storm sets " + name);
    }
    return value;
  }

  /// What this machine can do to a server: a disk of its own needs root, the rest a C compiler.
  static Set<Fault> possible(boolean ownDisk, @Nullable Path preload) {
    Set<Fault> faults = EnumSet.allOf(Fault.class);
    if (!ownDisk) {
      faults.removeAll(EnumSet.of(Fault.FULL, Fault.KILL_FULL));
    }
    if (preload == null) {
      faults.removeAll(EnumSet.of(Fault.SLOW, Fault.KILL_SLOW, Fault.CLOCK, Fault.KILL_CLOCK));
    }
    return faults;
  }

  private static List<Client> clients(Wire wire, Findings findings, long seed) {
    List<Client> clients = new ArrayList<>();
    clients.add(new Counter(wire, findings, "cas-1"));
    clients.add(new Counter(wire, findings, "cas-2"));
    Shared.Tally tally = new Shared.Tally();
    for (int i = 0; i < SHARING; i++) {
      clients.add(new Shared(wire, findings, "shared", tally));
    }
    clients.add(new Buyer(wire, findings, "storm", seed));
    clients.add(new Writers(wire, findings, "storm", WRITING));
    clients.add(new Talker(wire, findings, "storm"));
    clients.add(new Ringer(wire, findings, "ring", seed));
    clients.add(new Traveller(wire, findings, "trip-1", seed));
    clients.add(new Traveller(wire, findings, "trip-2", seed + 1));
    Mail mail = new Mail(wire, findings);
    clients.add(mail.publisher());
    clients.add(mail.puller());
    clients.add(new Sleeper(wire, findings, SLEEPING));
    return clients;
  }
}
