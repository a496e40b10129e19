package dev.dormouse.server;

import static java.util.Objects.requireNonNull;

import dev.dormouse.room.spi.Execution;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse serve`: runs a server until the process is told to stop.
final class ServeCommand {
  private static final String CONFIG = "--config";
  private static final String CONFIG_VARIABLE = "DORMOUSE_CONFIG";

  private ServeCommand() {}

  /// The command with a flag for every setting.
  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("serve").mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Runs the server until it is told to stop.")
        .footer(
            "",
            "Every setting can also be given as an environment variable (DORMOUSE_PORT) or in the"
                + " file. Flags go before the environment, the environment before the file.");
    settings(spec);
    return spec;
  }

  /// Adds a flag for every setting.
  static void settings(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .paramLabel("<file>")
            .type(Path.class)
            .description(
                "A properties file with settings (also " + CONFIG_VARIABLE + "); none by default.")
            .build());
    for (Setting setting : Setting.values()) {
      spec.addOption(flag(setting));
    }
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, ServeCommand::grouped);
  }

  /// The command's own flags, and then the settings by groups. They are no groups to the parser,
  /// for which a flag that is given twice in a group is none.
  private static String grouped(Help help) {
    Map<String, OptionSpec> own = new LinkedHashMap<>(help.commandSpec().optionsMap());
    StringBuilder groups = new StringBuilder();
    for (SettingGroup group : SettingGroup.values()) {
      List<OptionSpec> flags =
          group.settings().stream()
              .map(setting -> requireNonNull(own.remove("--" + setting.key())))
              .toList();
      groups.append("%n%s%n%s".formatted(group.title(), list(help, flags)));
    }
    return list(help, List.copyOf(new LinkedHashSet<>(own.values()))) + groups;
  }

  private static String list(Help help, List<OptionSpec> flags) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addOptions(flags, help.parameterLabelRenderer());
    return layout.toString();
  }

  private static OptionSpec flag(Setting setting) {
    String value =
        setting.byDefault().isEmpty()
            ? ""
            : " Default: " + (setting.byDefault() + " " + setting.unit()).strip() + ".";
    boolean alone = setting.kind() == Setting.Kind.SWITCH;
    return OptionSpec.builder("--" + setting.key())
        .arity(alone ? "0..1" : "1")
        .fallbackValue(alone ? "yes" : "")
        .paramLabel("<" + (setting.unit().isEmpty() ? "value" : setting.unit()) + ">")
        .type(String.class)
        .description(setting.reason().replace("`", "") + value)
        .build();
  }

  /// The settings that a command line, the environment and a file say together.
  static ServerSettings settings(ParseResult parsed, Map<String, String> environment) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = parsed.matchedOptionValue("--" + setting.key(), null);
      if (value != null) {
        flags.put(setting, value);
      }
    }
    return ServerSettings.read(flags, environment, file(parsed, environment));
  }

  /// Starts the server and blocks until the process ends. Prints one line with its address to
  /// standard output once it can be reached.
  static int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws InterruptedException {
    ServerSettings settings = settings(parsed, environment);
    Logs.configure(settings);
    RoomServer server =
        RoomServer.builder()
            .settings(settings)
            .execution(execution)
            .environment(environment)
            .offer(OfferLoader.load(settings.list(Setting.ROOMS)))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    System.out.println("Dormouse is ready at " + server.url());
    System.out.flush();
    // The hook ends the process; nothing else does.
    new CountDownLatch(1).await();
    return CommandLine.ExitCode.OK;
  }

  private static @Nullable Path file(ParseResult parsed, Map<String, String> environment) {
    Path flag = parsed.matchedOptionValue(CONFIG, null);
    String variable = environment.get(CONFIG_VARIABLE);
    return flag != null ? flag : variable != null ? Path.of(variable) : null;
  }

  /// Stops on a signal. A JVM that ends by a signal reports the signal as its exit code, though the
  /// stop was in good order: so it says itself how it went.
  private static void stop(RoomServer server) {
    int code = CommandLine.ExitCode.SOFTWARE;
    try {
      server.close();
      code = CommandLine.ExitCode.OK;
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }
}
