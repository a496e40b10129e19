package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table, the code and the page in `docs/` say the same. `-Ddormouse.write=true` writes the
/// page anew.
class DiagramTest {
  private static final Path PAGE = Path.of("..", "docs", "sagas-diagram.md");

  @Test
  void every_line_of_the_table_is_taken_and_no_other() {
    assertThat(Explored.taken()).isEqualTo(Table.LINES);
  }

  @Test
  void every_transition_has_a_line_in_the_table() {
    assertThat(Table.LINES.stream().map(Table.Line::transition).collect(Collectors.toSet()))
        .containsAll(Arrays.asList(Transition.values()));
  }

  @Test
  void the_page_shows_what_is_taken() throws IOException {
    String drawn = Diagram.page(Explored.taken());
    if (Boolean.getBoolean("dormouse.write")) {
      Files.writeString(PAGE, drawn);
    }

    assertThat(Files.readString(PAGE)).isEqualTo(drawn);
  }
}
