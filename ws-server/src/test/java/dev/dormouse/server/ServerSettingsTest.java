package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerSettingsTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("dormouse.properties"), text);
  }

  @ParameterizedTest
  @EnumSource
  void every_default_is_possible(Setting setting) {
    assertThat(ServerSettings.defaults().with(setting, setting.byDefault()).text(setting))
        .isEqualTo(setting.byDefault());
  }

  @Test
  void flags_go_before_the_environment_before_the_file_before_the_defaults() throws IOException {
    Path file = file("host = file\nport = 1\nbench = 2\n");
    Map<String, String> environment =
        Map.of("DORMOUSE_HOST", "environment", "DORMOUSE_PORT", "3", "PORT", "4");

    ServerSettings settings = ServerSettings.read(Map.of(Setting.HOST, "flag"), environment, file);

    assertThat(settings.text(Setting.HOST)).isEqualTo("flag");
    assertThat(settings.number(Setting.PORT)).isEqualTo(3);
    assertThat(settings.port(Setting.BENCH)).hasValue(2);
    assertThat(settings.number(Setting.DRAIN)).isEqualTo(30);
  }

  @Test
  void a_value_that_is_not_possible_is_named_with_where_it_stands() throws IOException {
    Path file = file("store-files = many\n");

    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> ServerSettings.read(Map.of(), Map.of(), file))
        .withMessage("'store-files' in " + file + " is a whole number of files, not 'many'");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> ServerSettings.read(Map.of(), Map.of("DORMOUSE_PORT", "65536"), null))
        .withMessage("DORMOUSE_PORT is a port, 0 to 65535, not '65536'");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> ServerSettings.read(Map.of(Setting.HOST, " "), Map.of(), null))
        .withMessage("--host is a text, not ''");
  }

  @Test
  void lists_are_separated_by_commas() {
    ServerSettings settings = ServerSettings.defaults().with(Setting.ORIGIN, " a , ,b,");

    assertThat(settings.list(Setting.ORIGIN)).containsExactly("a", "b");
    assertThat(ServerSettings.defaults().list(Setting.ORIGIN)).isEmpty();
  }
}
