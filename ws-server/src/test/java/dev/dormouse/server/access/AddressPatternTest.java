package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What grants say of addresses.
class AddressPatternTest {
  @ParameterizedTest
  @CsvSource({
    "chat/lobby, chat/lobby",
    "chat/*, chat/lobby",
    "chat/*, 'chat/'",
    "chat/**, chat/a/b/c",
    "chat/**, chat/lobby",
    "**, chat/a/b",
    "**, metrics",
    "*/lobby, chat/lobby",
    "chat/*/notes, chat/ann/notes",
    "chat/**/notes, chat/a/b/notes",
    "chat/user-*, chat/user-7",
    "chat/*-*, chat/user-7",
    "chat/a*b*c, chat/aXbYc",
    "chat/***, chat/a/b",
    "chat/.+, chat/.+",
  })
  void matches(String pattern, String address) {
    assertThat(new AddressPattern(pattern).matches(address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "chat/lobby, chat/lobby2",
    "chat/lobby, chat/lobb",
    "chat/lobby, Chat/lobby",
    "chat/*, chat/a/b",
    "chat/*, chats/lobby",
    "*, chat/lobby",
    "chat*, chat/lobby",
    "chat/*/notes, chat/a/b/notes",
    "chat/**, chat",
    "chat/**/notes, chat/notes",
    "chat/.+, chat/ab",
    "chat/?, chat/a",
    "chat/a/../b, chat/b",
  })
  void does_not_match(String pattern, String address) {
    assertThat(new AddressPattern(pattern).matches(address)).isFalse();
  }

  @Test
  void takes_no_longer_for_a_pattern_made_of_wildcards() {
    AddressPattern many = new AddressPattern("**a".repeat(360) + "b");
    assertThat(many.matches("a".repeat(1_089))).isFalse();
  }

  @Test
  void is_neither_empty_nor_endless() {
    assertThatIllegalArgumentException().isThrownBy(() -> new AddressPattern(""));
    assertThatIllegalArgumentException().isThrownBy(() -> new AddressPattern("a".repeat(1_090)));
  }
}
