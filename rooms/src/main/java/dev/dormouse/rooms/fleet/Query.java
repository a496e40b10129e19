package dev.dormouse.rooms.fleet;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Refusal;
import java.util.List;

/// The query of a request that people write.
public final class Query {
  /// A server that asks nobody who he is passes a token on; it is no word to the room.
  private static final String TOKEN = "token";

  private Query() {}

  /// Sees that all is known that is said in it: a misspelt parameter would be taken for none.
  ///
  /// @throws Refusal.Refused with 400, which names the one that is not, and those that there are
  public static void allow(HttpCall call, String... known) {
    List<String> there = List.of(known);
    for (String name : call.query().keySet()) {
      if (!there.contains(name) && !name.equals(TOKEN)) {
        throw new Refusal.Refused(
            400,
            "nobody knows a parameter '%s'; %s"
                .formatted(name, there.isEmpty() ? "there is none" : "there are " + there));
      }
    }
  }
}
