package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.RoomLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The documents say what the code says.
class DocumentsTest {
  private static String read(String name) throws IOException {
    return Files.readString(Path.of("..", "docs", name));
  }

  @Test
  void settings_has_every_setting_as_it_is() throws IOException {
    assertThat(read("settings.md")).contains(SettingGroup.tables());
  }

  @Test
  void every_setting_is_in_one_group() {
    assertThat(Arrays.stream(SettingGroup.values()).flatMap(group -> group.settings().stream()))
        .containsExactlyInAnyOrder(Setting.values());
  }

  @Test
  void limits_has_every_limit_as_it_is() throws IOException {
    assertThat(LimitsTable.rooms())
        .containsAll(
            Arrays.stream(RoomLimits.class.getRecordComponents())
                .map(component -> "`RoomLimits." + component.getName() + "`")
                .toList());
    assertThat(read("limits.md")).contains(LimitsTable.table());
  }

  @Test
  void protocols_has_every_close_code_as_it_is() throws IOException {
    StringBuilder table = new StringBuilder();
    for (CloseCode code : CloseCode.values()) {
      table.append(
          "| %d | %s | %s | %s |\n"
              .formatted(
                  code.code(),
                  code.name(),
                  code.sentence(),
                  code.reconnect() == CloseCode.Reconnect.SOON ? "yes" : "no"));
    }

    assertThat(read("protocols.md")).contains(table.toString());
  }
}
