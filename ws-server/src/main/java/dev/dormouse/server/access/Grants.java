package dev.dormouse.server.access;

import dev.dormouse.room.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What somebody may do where: `read:collab/**`, `write:chat/lobby`, `admin:fleet/plant-*`.
///
/// @param all each allows what it names and all that is less; none takes anything away
public record Grants(List<Grant> all) {
  public static final Grants NONE = new Grants(List.of());

  /// Beyond these a token's further ones do not count.
  private static final int MOST = 256;

  record Grant(Access access, AddressPattern where) {}

  public Grants {
    all = List.copyOf(all);
  }

  /// Reads what the configuration says.
  ///
  /// @throws IllegalArgumentException if one of them is no grant; says which
  public static Grants of(List<String> texts) {
    List<Grant> all = new ArrayList<>();
    for (String text : texts) {
      all.add(
          grant(text)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "'" + text + "' is no grant such as read:collab/** or write:chat/lobby")));
    }
    return new Grants(all);
  }

  /// Reads a claim: a list of texts, or one text with spaces in between. What is no grant is not
  /// counted, since a claim such as `scope` may say other things too.
  static Grants ofClaim(@Nullable Object claim) {
    return new Grants(
        words(claim).stream().flatMap(word -> grant(word).stream()).limit(MOST).toList());
  }

  /// What stands in a claim and grants nothing.
  public static List<String> misspelt(@Nullable Object claim) {
    return words(claim).stream().filter(word -> grant(word).isEmpty()).toList();
  }

  private static List<String> words(@Nullable Object claim) {
    return switch (claim) {
      case String text -> List.of(text.split(" ", MOST + 1));
      case List<?> list ->
          list.subList(0, Math.min(list.size(), MOST)).stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .toList();
      case null, default -> List.of();
    };
  }

  /// As they are written.
  public List<String> texts() {
    return all.stream().map(grant -> text(grant.access, grant.where.text())).toList();
  }

  private static Optional<Grant> grant(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || colon == text.length() - 1 || text.length() > AddressPattern.MOST) {
      return Optional.empty();
    }
    for (Access access : Access.values()) {
      if (text.substring(0, colon).equals(access.name().toLowerCase(Locale.ROOT))) {
        return Optional.of(new Grant(access, new AddressPattern(text.substring(colon + 1))));
      }
    }
    return Optional.empty();
  }

  /// A grant as it is written.
  static String text(Access access, String address) {
    return access.name().toLowerCase(Locale.ROOT) + ":" + address;
  }

  /// The most that they allow at an address; empty for nothing.
  Optional<Access> at(String address) {
    Access most = null;
    for (Grant grant : all) {
      boolean more = most == null || !most.covers(grant.access);
      if (more && grant.where.matches(address)) {
        most = grant.access;
      }
    }
    return Optional.ofNullable(most);
  }
}
