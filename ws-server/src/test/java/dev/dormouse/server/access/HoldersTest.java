package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Access;
import dev.dormouse.room.Identity;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Persons and tokens are told apart by their numbers.
class HoldersTest {
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");
  private static final int MANY = 200_000;

  private final Holders holders = new Holders();

  private Stay stay(String subject, String token) {
    return holders.stay(new Identity(subject, Map.of(Revoked.ID, token), Access.WRITE, LATER));
  }

  private static Set<String> many(String prefix) {
    return IntStream.range(0, MANY).mapToObj(i -> prefix + i).collect(Collectors.toSet());
  }

  @Test
  void who_is_listed_is_found_by_name_and_by_token() {
    Predicate<Stay> listed = holders.listed(new Revoked.Listed(Set.of("gone"), Set.of("ann")));

    assertThat(listed.test(stay("bob", "gone"))).isTrue();
    assertThat(listed.test(stay("ann", "stays"))).isTrue();
    assertThat(listed.test(stay("bob", "stays"))).isFalse();
    assertThat(listed.test(stay("gone", "ann"))).isFalse();
  }

  /// With 32 bits some ten of each would be.
  @Test
  void nobody_is_taken_for_one_who_is_listed_however_many_are() {
    Predicate<Stay> listed = holders.listed(new Revoked.Listed(many("gone-"), many("barred-")));

    assertThat(IntStream.range(0, MANY).filter(i -> listed.test(stay("user-" + i, "token-" + i))))
        .isEmpty();
  }
}
