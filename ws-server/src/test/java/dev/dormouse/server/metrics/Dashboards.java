package dev.dormouse.server.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the dashboards of `grafana/` from what is said of them here: a page of JSON a panel is
/// nothing to review.
///
/// `Dashboards`, run in this module's folder.
final class Dashboards {
  static final Path FOLDER = Path.of("..", "grafana", "dashboards");

  private Dashboards() {}

  public static void main(String[] args) throws IOException {
    for (Board board : all()) {
      Files.writeString(file(board), text(board));
    }
  }

  static List<Board> all() {
    return List.of(OverviewBoard.board(), HibernationBoard.board(), SagaBoard.board());
  }

  static Path file(Board board) {
    return FOLDER.resolve(board.uid().replace("dormouse-", "") + ".json");
  }

  static String text(Board board) throws JsonProcessingException {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return new ObjectMapper().writer(printer).writeValueAsString(board.json()) + "\n";
  }
}
