package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Where a token is.
class CredentialsTest {
  private static Credentials of(List<String> header, List<String> query, List<String> protocols)
      throws Denial.Found {
    return Credentials.of(header, query, protocols);
  }

  @Test
  void are_found_in_each_of_three_places() throws Exception {
    assertThat(of(List.of("Bearer a.b.c"), List.of(), List.of()).token()).isEqualTo("a.b.c");
    assertThat(of(List.of("bearer  a.b.c "), List.of(), List.of()).token()).isEqualTo("a.b.c");
    assertThat(of(List.of(), List.of("a.b.c"), List.of()).token()).isEqualTo("a.b.c");
    assertThat(of(List.of(), List.of(), List.of("v1", "dormouse.token.a.b.c")).token())
        .isEqualTo("a.b.c");
    assertThat(of(List.of("Basic eHg="), List.of(), List.of("dormouse.v1")).token()).isNull();
  }

  @Test
  void may_be_shown_twice_but_not_two_of_them() throws Exception {
    assertThat(of(List.of("Bearer a.b.c"), List.of("a.b.c"), List.of()).token()).isEqualTo("a.b.c");
    assertThatExceptionOfType(Denial.Found.class)
        .isThrownBy(() -> of(List.of("Bearer a.b.c"), List.of("d.e.f"), List.of()))
        .matches(no -> no.denial() == Denial.TWO_TOKENS);
  }

  @Test
  void are_no_sub_protocol_that_a_room_could_choose() {
    assertThat(Credentials.speakable(List.of("v1", "dormouse.token.x", "dormouse", "dormouse.v1")))
        .containsExactly("v1", "dormouse.v1");
  }

  @Test
  void are_not_written_down() throws Exception {
    assertThat(of(List.of(), List.of("a.b.c"), List.of()).toString()).isEqualTo("a token");
  }
}
