package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// How much of something rooms may have, as a setting says: a number for all namespaces, and
/// `name=number` for one of them.
///
/// @param all for those that are not named; empty for what each declares
/// @param named by namespace
record RoomAmounts(OptionalLong all, Map<String, Long> named) {

  /// @throws StartException if it is not written so, or names a namespace that is not there
  static RoomAmounts of(ServerSettings settings, Setting setting, List<Namespace> namespaces) {
    OptionalLong all = OptionalLong.empty();
    Map<String, Long> named = new HashMap<>();
    for (String each : settings.list(setting)) {
      int equals = each.indexOf('=');
      if (equals < 0) {
        all = OptionalLong.of(number(setting, each));
        continue;
      }
      String name = each.substring(0, equals).strip();
      if (namespaces.stream().noneMatch(namespace -> namespace.name().equals(name))) {
        throw new StartException(
            "'%s' names the namespace '%s', which is not there".formatted(setting.key(), name));
      }
      named.put(name, number(setting, each.substring(equals + 1).strip()));
    }
    return new RoomAmounts(all, named);
  }

  private static long number(Setting setting, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new StartException(
        "'%s' takes whole numbers, for all namespaces or as name=number, not '%s'"
            .formatted(setting.key(), text));
  }

  OptionalLong of(Namespace namespace) {
    Long own = named.get(namespace.name());
    return own == null ? all : OptionalLong.of(own);
  }
}
