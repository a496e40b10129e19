package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/// Lines for people.
class LogsTest {
  private static String line(String message, String room) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "", context.getLogger("dev.dormouse.rooms"), Level.WARN, message, null, null);
    event.setKeyValuePairs(List.of(new KeyValuePair("room", room)));
    return new String(Logs.text(context).encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void a_name_cannot_make_lines_of_its_own_nor_steer_a_terminal() {
    String line = line("ann aborted chat/x\r\n12:00:00.000 WARN  evil", "chat/\u001b[2J\u009bä");

    assertThat(line.strip().lines()).hasSize(1);
    assertThat(line).contains("chat/x??12:00:00.000").contains("chat/?[2J?ä");
  }

  @Test
  void other_names_stay_as_they_are() {
    assertThat(line("a room", "chat/Küche {1} 'x'")).contains("a room room=\"chat/Küche {1} 'x'\"");
  }
}
