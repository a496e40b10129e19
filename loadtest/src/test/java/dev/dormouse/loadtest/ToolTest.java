package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolTest {
  private final Tool tool = new Tool("loadtest/test", "usage: loadtest/test\n");

  @Test
  void its_exit_code_tells_how_it_went() throws Exception {
    assertThat(tool.code(List.of(), _ -> true)).isZero();
    assertThat(tool.code(List.of(), _ -> false)).isEqualTo(1);
    assertThat(
            tool.code(
                List.of(),
                _ -> {
                  throw new StartException("no server");
                }))
        .isEqualTo(1);
    assertThat(
            tool.code(
                List.of("x"),
                words -> {
                  throw new Arguments.Misunderstood(words.getFirst());
                }))
        .isEqualTo(2);
  }

  @Test
  void does_nothing_for_who_asks_for_help() throws Exception {
    assertThat(
            tool.code(
                List.of("--minutes", "3", "--help"),
                _ -> {
                  throw new AssertionError("it worked");
                }))
        .isZero();
  }

  @Test
  void gives_the_line_that_was_typed() {
    assertThat(tool.line(List.of("--a", "1"))).isEqualTo("loadtest/test --a 1");
    assertThat(tool.line(List.of())).isEqualTo("loadtest/test");
  }
}
