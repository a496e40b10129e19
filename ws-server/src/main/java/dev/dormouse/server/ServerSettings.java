package dev.dormouse.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The value of every setting, checked. Flags go before the environment, the environment before the
/// file, the file before the defaults.
public final class ServerSettings {
  private static final int MAX_PORT = 65_535;

  /// What was said, for those settings of which anything was; never changed.
  private final Map<Setting, Said> said;

  /// @param text the value as it was written
  /// @param where what to name in an error
  private record Said(String text, String where) {}

  private ServerSettings(Map<Setting, Said> said) {
    this.said = said;
  }

  public static ServerSettings defaults() {
    return new ServerSettings(Map.of());
  }

  /// Gathers all sources.
  ///
  /// @param flags values from the command line
  /// @param environment variables; those that begin with `DORMOUSE_` are looked at
  /// @param file a properties file, or null for none
  /// @throws StartException if a value is not possible, or the file holds a key that is none
  static ServerSettings read(
      Map<Setting, String> flags, Map<String, String> environment, @Nullable Path file) {
    Properties properties = load(file);
    ServerSettings settings = defaults();
    for (Setting setting : Setting.values()) {
      String inFile = properties.getProperty(setting.key());
      String inEnvironment = environment.get(setting.variable());
      String flag = flags.get(setting);
      if (flag != null) {
        settings = settings.with(setting, flag, "--" + setting.key());
      } else if (inEnvironment != null) {
        settings = settings.with(setting, inEnvironment, setting.variable());
      } else if (inFile != null) {
        settings = settings.with(setting, inFile, "'" + setting.key() + "' in " + file);
      }
    }
    return settings;
  }

  private static Properties load(@Nullable Path file) {
    Properties properties = new Properties();
    if (file == null) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("the configuration file " + file + " cannot be read: " + e, e);
    }
    for (String key : properties.stringPropertyNames()) {
      if (Arrays.stream(Setting.values()).noneMatch(setting -> setting.key().equals(key))) {
        throw new StartException("there is no setting '" + key + "', as " + file + " has it");
      }
    }
    return properties;
  }

  /// The same settings with one more value.
  ///
  /// @throws StartException if the value is not possible
  public ServerSettings with(Setting setting, String value) {
    return with(setting, value, "'" + setting.key() + "'");
  }

  private ServerSettings with(Setting setting, String value, String where) {
    Map<Setting, Said> more = new EnumMap<>(Setting.class);
    more.putAll(said);
    more.put(setting, new Said(value.strip(), where));
    ServerSettings settings = new ServerSettings(more);
    settings.check(setting, where);
    return settings;
  }

  private void check(Setting setting, String where) {
    String value = text(setting);
    boolean possible =
        switch (setting.kind()) {
          case TEXT -> !value.isEmpty() || setting.byDefault().isEmpty();
          case LIST -> true;
          case NUMBER -> isNumber(value, Integer.MAX_VALUE);
          case BYTES -> isNumber(value, Long.MAX_VALUE);
          case SWITCH -> value.equals("yes") || value.equals("no");
          case PORT ->
              isNumber(value, MAX_PORT) || (value.isEmpty() && setting.byDefault().isEmpty());
        };
    if (!possible) {
      throw new StartException(
          "%s is %s, not '%s'"
              .formatted(
                  where,
                  switch (setting.kind()) {
                    case TEXT, LIST -> "a text";
                    case NUMBER, BYTES -> "a whole number of " + setting.unit();
                    case PORT -> "a port, 0 to " + MAX_PORT;
                    case SWITCH -> "yes or no";
                  },
                  value));
    }
  }

  private static boolean isNumber(String value, long most) {
    try {
      long number = Long.parseLong(value);
      return number >= 0 && number <= most;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  public String text(Setting setting) {
    Said it = said.get(setting);
    return it == null ? setting.byDefault() : it.text();
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  long bytes(Setting setting) {
    return Long.parseLong(text(setting));
  }

  /// A port, unless it is not set.
  OptionalInt port(Setting setting) {
    return text(setting).isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(setting));
  }

  Duration seconds(Setting setting) {
    return Duration.ofSeconds(number(setting));
  }

  boolean yes(Setting setting) {
    return text(setting).equals("yes");
  }

  Path path(Setting setting) {
    return Path.of(text(setting));
  }

  List<String> list(Setting setting) {
    return Arrays.stream(text(setting).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /// One of some words.
  ///
  /// @throws StartException if it is none of them
  String word(Setting setting, String... words) {
    Optional<String> word =
        Arrays.stream(words).filter(w -> w.equalsIgnoreCase(text(setting))).findFirst();
    return word.orElseThrow(() ->
        new StartException(
            "'%s' is one of %s, not '%s'"
                .formatted(setting.key(), String.join(", ", words), text(setting))));
  }
}
