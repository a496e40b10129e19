package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.figures.Series;
import dev.dormouse.loadtest.figures.Tick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The commands of the processes that play clients, and how their lines are read.
///
/// @param checkout the folder with `loadtest` in it
/// @param work gets what they write
record Clients(Path checkout, Path work) {
  /// A limit for the heap; what is used stays near what the connections need.
  private static final int HOLDER_MIB = 96;

  private static final int BYTES_A_CONNECTION = 1_500;
  private static final int USERS_MIB = 192;
  private static final int BYTES_A_USER = 40_000;

  /// Beyond the planned end, then a process ends by itself even if nobody orders it to.
  private static final Duration AT_MOST = Duration.ofHours(23);

  /// A holder that waits for orders.
  Child holder(
      String name, URI bench, Plan.Share share, MillionOptions options, double rate, Series series)
      throws IOException {
    return hold(
        name,
        series,
        share.connections(),
        List.of(
            "--port",
            String.valueOf(bench.getPort()),
            "--connections",
            String.valueOf(share.connections()),
            "--first",
            String.valueOf(share.first()),
            "--per-room",
            String.valueOf(options.perRoom()),
            "--rate",
            decimal(rate)));
  }

  /// True if the profile `load` was built.
  boolean hasGatling() {
    return Files.isDirectory(gatling().resolve("lib"))
        && Files.isDirectory(target().resolve("test-classes/dev/dormouse/loadtest/simulations"));
  }

  private Path target() {
    return checkout.resolve("loadtest/target");
  }

  private Path gatling() {
    return target().resolve("gatling");
  }

  /// Gatling's users, who edit documents on all servers for `time`. Their lines are in
  /// [#usersLines] in the end.
  Child gatling(List<Node> nodes, MillionOptions options, Duration ramp, Duration time)
      throws IOException {
    String servers =
        nodes.stream().map(node -> node.front().toString()).collect(Collectors.joining(","));
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx" + mib(USERS_MIB, options.users(), BYTES_A_USER) + "m");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    // It looks for a newer version of itself at every run, and has no switch for it.
    command.add("-Dhttps.proxyHost=127.0.0.1");
    command.add("-Dhttps.proxyPort=9");
    command.add("-Djava.util.prefs.userRoot=" + work);
    command.add("-Dservers=" + servers);
    command.add("-Dusers=" + options.users());
    command.add("-Dperiod=" + decimal(options.period().toMillis() / 1e3));
    command.add("-Dramp=" + decimal(ramp.toMillis() / 1e3));
    command.add("-Dseconds=" + decimal(time.toMillis() / 1e3));
    command.add("-Dp99=600000");
    command.add("-Dout=" + usersFile());
    command.add("-cp");
    command.add(
        target().resolve("test-classes")
            + ":"
            + target().resolve("classes")
            + ":"
            + gatling().resolve("lib/*"));
    command.add("io.gatling.app.Gatling");
    command.addAll(
        List.of(
            "-s",
            "dev.dormouse.loadtest.simulations.EditingSimulation",
            "-rf",
            work.resolve("gatling").toString(),
            "-nr"));
    return Child.start(
        "users", command, work.resolve("users.err"), line -> append("users.log", line));
  }

  private Path usersFile() {
    return work.resolve("users.jsonl");
  }

  /// What Gatling's users wrote, a line a second; empty if they never began.
  List<Tick> usersLines() throws IOException {
    return Files.exists(usersFile())
        ? Files.readAllLines(usersFile()).stream().map(Tick::parse).toList()
        : List.of();
  }

  /// Where Gatling was not built: a holder whose connections all speak once a period.
  ///
  /// @param share how many of the users
  Child plainUsers(String name, Node node, MillionOptions options, int share, Series series)
      throws IOException {
    return hold(
        name,
        series,
        share,
        List.of(
            "--port",
            String.valueOf(node.process().address().getPort()),
            "--connections",
            String.valueOf(share),
            "--rooms",
            "user",
            "--per-room",
            "4",
            "--rate",
            "200",
            "--wake",
            decimal(100 * 60_000.0 / options.period().toMillis())));
  }

  private Child hold(String name, Series series, int connections, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx" + mib(HOLDER_MIB, connections, BYTES_A_CONNECTION) + "m");
    command.add("-Xms10m");
    // Garbage comes only while connections open: a small young generation, and little kept free.
    command.add("-Xmn4m");
    command.add("-XX:MinHeapFreeRatio=5");
    command.add("-XX:MaxHeapFreeRatio=15");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+PerfDisableSharedMem");
    command.add("-Djava.net.preferIPv4Stack=true");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.dormouse.loadtest.hold.Hold");
    command.addAll(options);
    command.addAll(List.of("--led", "--duration", String.valueOf(AT_MOST.toSeconds())));
    return Child.start(
        name, command, work.resolve(name + ".err"), line -> series.add(name, Tick.parse(line)));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static long mib(long base, long count, long each) {
    return base + ((count * each) >> 20);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void append(String file, String line) {
    try {
      Files.writeString(
          work.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
