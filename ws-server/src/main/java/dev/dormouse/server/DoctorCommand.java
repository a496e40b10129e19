package dev.dormouse.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.server.doctor.Check;
import dev.dormouse.server.doctor.Clock;
import dev.dormouse.server.doctor.DataFolderCheck;
import dev.dormouse.server.doctor.Disk;
import dev.dormouse.server.doctor.Kernel;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse doctor`: looks whether the machine suits a server with these settings, each thing on a
/// line, with the command that mends it. Exit code 1 if anything is bad.
final class DoctorCommand {
  static final String NAME = "doctor";
  private static final String JSON = "--json";
  private static final int JAVA = 25;

  private final ServerSettings settings;
  private final Execution execution;

  private DoctorCommand(ServerSettings settings, Execution execution) {
    this.settings = settings;
    this.execution = execution;
  }

  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(NAME).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Says whether this machine suits a server with these settings, and what to change."
                + " Takes all settings of serve; exit code 1 if anything is bad.");
    spec.addOption(
        OptionSpec.builder(JSON).type(boolean.class).description("Prints JSON.").build());
    ServeCommand.settings(spec);
    return spec;
  }

  static int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws InterruptedException {
    ServerSettings settings = ServeCommand.settings(parsed, environment);
    List<Check> checks;
    try {
      checks = new DoctorCommand(settings, execution).checks();
    } catch (IOException e) {
      throw new StartException("the machine cannot be looked at: " + e.getMessage(), e);
    }
    boolean bad = checks.stream().anyMatch(check -> check.state() == Check.State.BAD);
    System.out.print(parsed.matchedOptionValue(JSON, false) ? json(checks, bad) : text(checks));
    System.out.flush();
    return bad ? 1 : 0;
  }

  private List<Check> checks() throws IOException, InterruptedException {
    Path data = settings.path(Setting.DATA);
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(queueAccess());
    checks.addAll(
        new Kernel(
                Kernel::here,
                Limits.descriptors(),
                settings.number(Setting.CLIENTS),
                Bounds.sqlDescriptors(settings),
                memory() >> 12)
            .checks());
    checks.addAll(ports(data));
    checks.add(settings());
    checks.add(DataFolderCheck.of(data, settings.number(Setting.STORE_FILES)));
    Path there = DataFolderCheck.existing(data);
    try {
      checks.addAll(new Disk(there, execution::nanoTime).checks());
    } catch (IOException e) {
      checks.add(
          Check.bad(
              "disk",
              "nothing can be written to " + there + ": " + e,
              "the server's user must own it",
              "chown -R \"$USER\" " + there));
    }
    checks.add(Clock.here(execution.instant(), data));
    return checks;
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static Check java() {
    String found = "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name");
    try {
      HeaderCheck.run();
    } catch (StartException e) {
      return Check.bad(
          "Java",
          found,
          String.valueOf(e.getMessage()),
          "unset the flag -XX:+UseCompactObjectHeaders (DORMOUSE_JAVA_OPTS)");
    }
    return Runtime.version().feature() == JAVA
        ? Check.ok("Java", found)
        : Check.warning(
            "Java", found, "it is tested on Java " + JAVA, "export JAVA_HOME=<a JDK " + JAVA + ">");
  }

  private static Check queueAccess() {
    try {
      ChronicleLogs.checkJvm();
      return Check.ok("queues", "this Java may map their files");
    } catch (LogException e) {
      return Check.bad(
          "queues",
          "this Java may not map their files",
          String.valueOf(e.getMessage()),
          "start it with ./dormouse");
    }
  }

  /// Whether a server would take these settings: files that they name, and what must go together.
  private Check settings() {
    try {
      Contradictions.check(settings);
      Opening.gate(settings, !Front.isLoopback(settings.text(Setting.HOST)), execution);
      var _ = Opening.certificates(settings, execution);
      return Check.ok("settings", "a server starts with them");
    } catch (StartException e) {
      return Check.bad(
          "settings", String.valueOf(e.getMessage()), "a server does not start with them", "");
    }
  }

  private List<Check> ports(Path data) throws IOException {
    boolean served = Files.isDirectory(data) && StoredFormat.user(data).isPresent();
    List<Check> checks = new ArrayList<>();
    for (Setting setting : List.of(Setting.PORT, Setting.BENCH, Setting.ADMIN)) {
      int port = settings.port(setting).orElse(0);
      if (port != 0) {
        String host =
            setting == Setting.PORT
                ? settings.text(Setting.HOST)
                : InetAddress.getLoopbackAddress().getHostAddress();
        checks.add(port(setting, host, port, served));
      }
    }
    return checks;
  }

  /// @param served whether a server runs on the data folder, which may have the port
  private static Check port(Setting setting, String host, int port, boolean served) {
    String name = "port " + port;
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true);
      free.bind(new InetSocketAddress(host, port));
      return Check.ok(name, "free");
    } catch (IOException taken) {
      String holder = PortHolder.find(port).orElse("somebody");
      return served
          ? Check.ok(name, "taken by " + holder + ", while a server has the data folder open")
          : Check.bad(
              name,
              "taken by " + holder + " (" + taken.getMessage() + ")",
              "stop that, or take another",
              "dormouse serve --" + setting.key() + " " + (port + 1));
    }
  }

  private static String text(List<Check> checks) {
    StringBuilder text = new StringBuilder();
    for (Check check : checks) {
      text.append(
          "%-8s %-16s %s%n"
              .formatted(
                  check.state().name().toLowerCase(Locale.ROOT), check.name(), check.found()));
      if (!check.advice().isEmpty()) {
        text.append("%-25s %s%n".formatted("", check.advice()));
      }
      if (!check.command().isEmpty()) {
        text.append("%-25s $ %s%n".formatted("", check.command()));
      }
    }
    return text.toString();
  }

  private static String json(List<Check> checks, boolean bad) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("ok", !bad);
    for (Check check : checks) {
      ObjectNode each =
          json.withArray("checks")
              .addObject()
              .put("name", check.name())
              .put("state", check.state().name().toLowerCase(Locale.ROOT))
              .put("found", check.found());
      if (!check.advice().isEmpty()) {
        each.put("advice", check.advice());
      }
      if (!check.command().isEmpty()) {
        each.put("command", check.command());
      }
    }
    return json + "\n";
  }
}
