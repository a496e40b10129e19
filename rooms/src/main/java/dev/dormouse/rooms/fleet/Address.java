package dev.dormouse.rooms.fleet;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a device's or a rollout's room: whose it is, and what it is called there.
///
/// @param tenant whose devices these are; the name of the room of namespace `fleet`
/// @param name unique among the tenant's devices, or among its rollouts
public record Address(String tenant, String name) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// Reads `{tenant}/{name}`.
  public static Optional<Address> of(RoomId room) {
    String[] words = room.name().orElse("").split("/", -1);
    return words.length == 2 && isWord(words[0]) && isWord(words[1])
        ? Optional.of(new Address(words[0], words[1]))
        : Optional.empty();
  }

  /// The address of a room that cannot be used without one.
  ///
  /// @throws Refusal.NotFound if its name is none
  public static Address required(RoomId room) {
    return of(room)
        .orElseThrow(() ->
            new Refusal.NotFound(
                "a %s is called {tenant}/{name}, each 1 to 64 letters, digits, '.', '_' and '-'"
                    .formatted(room.namespace())));
  }

  /// Whether a tenant, a device, a rollout or a tag can be called so.
  public static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  /// Another room of the same tenant, as its namespace names it.
  public String sibling(String name) {
    return tenant + "/" + name;
  }

  /// The room's name.
  public String room() {
    return sibling(name);
  }
}
