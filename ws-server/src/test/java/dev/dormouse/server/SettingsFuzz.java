package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Ticks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// Configurations that nobody would write: each is taken, or refused with a [StartException] that
/// says something, before anything is opened.
///
/// An input is the file; lines that begin with `--` are flags, with `DORMOUSE_` the environment.
public final class SettingsFuzz {
  private static final Path FILE = file();
  private static final Execution EXECUTION = new SystemExecution();

  private SettingsFuzz() {}

  private static Path file() {
    try {
      Path file = Files.createTempFile("settings", ".properties");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Called by the fuzzer. Throws if anything is not as it should be.
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Files.write(FILE, input);
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    Map<String, String> environment = new HashMap<>();
    for (String line : new String(input, UTF_8).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1);
        environment.put(line.substring(0, equals), value);
        for (Setting setting : Setting.values()) {
          if (line.startsWith("--" + setting.key() + "=")) {
            flags.put(setting, value);
          }
        }
      }
    }
    try {
      use(ServerSettings.read(flags, environment, FILE), environment);
    } catch (StartException e) {
      String said = String.valueOf(e.getMessage());
      if (said.isBlank() || said.equals("null")) {
        throw new AssertionError("refused without a word", e);
      }
    }
  }

  /// What a start makes of them, as far as it opens nothing.
  private static void use(ServerSettings settings, Map<String, String> environment) {
    for (Setting setting : Setting.values()) {
      switch (setting.kind()) {
        case TEXT -> settings.text(setting);
        case LIST -> settings.list(setting);
        case NUMBER -> settings.seconds(setting);
        case BYTES -> settings.bytes(setting);
        case PORT -> settings.port(setting);
        case SWITCH -> settings.yes(setting);
      }
    }
    if (Bounds.awakeRooms(settings) < 1
        || Bounds.awakeMemory(settings) < 1
        || Bounds.queueMemory(settings) < 1) {
      throw new AssertionError("a server that can do nothing");
    }
    Limits _ = Bounds.limits(settings);
    Metering _ = Bounds.metering(settings, new Ticks(EXECUTION));
    Opening.services(settings, Map.of(), environment, service -> service.close());
    settings.word(Setting.TRANSPORT, "auto", "epoll", "nio");
    settings.word(Setting.LOG, "auto", "json", "text");
    settings.word(Setting.LOG_LEVEL, "error", "warn", "info", "debug", "trace");
  }
}
