package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.room.Access;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a token lets somebody do.
class GrantsTest {
  @Test
  void allow_what_they_name_and_all_that_is_less() {
    Grants grants = Grants.of(List.of("read:chat/**", "write:chat/lobby", "admin:fleet/*"));
    assertThat(grants.at("chat/other")).contains(Access.READ);
    assertThat(grants.at("chat/lobby")).contains(Access.WRITE);
    assertThat(grants.at("fleet/plant")).contains(Access.ADMIN);
    assertThat(grants.at("collab/notes")).isEmpty();
    assertThat(Access.ADMIN.covers(Access.READ)).isTrue();
    assertThat(Access.READ.covers(Access.WRITE)).isFalse();
  }

  @Test
  void are_a_list_or_a_text_with_other_words_in_it() {
    assertThat(Grants.ofClaim(List.of("read:a/b", 7, "openid")).at("a/b")).contains(Access.READ);
    assertThat(Grants.ofClaim("openid write:a/b email:x").at("a/b")).contains(Access.WRITE);
  }

  @Test
  void are_nothing_where_a_claim_is_something_else() {
    for (Object claim : List.of(7L, true, Map.of("read", "a/b"), List.of(List.of("read:a/b")))) {
      assertThat(Grants.ofClaim(claim)).isEqualTo(Grants.NONE);
    }
    assertThat(Grants.ofClaim(null)).isEqualTo(Grants.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wirte:a/b", "read", "read:", ":a/b", "READ:a/b", " read:a/b", "all:**"})
  void do_not_count_where_they_are_misspelt(String text) {
    assertThat(Grants.ofClaim(List.of(text))).isEqualTo(Grants.NONE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grants.of(List.of(text)))
        .withMessageContaining("is no grant");
  }

  @Test
  void are_not_more_than_256() {
    List<String> many = Collections.nCopies(300, "read:a/b");
    assertThat(Grants.ofClaim(many).all()).hasSize(256);
    assertThat(Grants.ofClaim(String.join(" ", many)).all()).hasSize(256);
  }
}
