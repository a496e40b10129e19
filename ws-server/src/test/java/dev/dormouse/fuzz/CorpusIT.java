package dev.dormouse.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a fuzzer found once is asked again with every build, without a fuzzer.
class CorpusIT {
  @ParameterizedTest
  @EnumSource
  void every_input_that_was_kept_is_taken_as_it_should_be(FuzzTarget target) throws Exception {
    List<Path> inputs = target.inputs();
    assertThat(inputs).hasSizeGreaterThan(3);
    for (Path input : inputs) {
      byte[] bytes = Files.readAllBytes(input);
      assertThatCode(() -> target.run(bytes)).as(input.toString()).doesNotThrowAnyException();
    }
  }
}
