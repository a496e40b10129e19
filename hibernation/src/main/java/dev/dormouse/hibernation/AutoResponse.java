package dev.dormouse.hibernation;

import dev.dormouse.room.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What is answered for a room to a message that says just this. Rooms of a namespace mostly say
/// the same, so equal ones are one: a room that is asleep keeps a reference to it.
record AutoResponse(Message request, Message answer) {
  /// More different ones than this are kept by those who said them.
  private static final int MOST = 1_024;

  private static final Map<AutoResponse, AutoResponse> KNOWN = new ConcurrentHashMap<>();

  /// Null, which is none, if either is null.
  static @Nullable AutoResponse of(@Nullable Message request, @Nullable Message answer) {
    if (request == null || answer == null) {
      return null;
    }
    AutoResponse fresh = new AutoResponse(request, answer);
    AutoResponse known = KNOWN.get(fresh);
    if (known != null) {
      return known;
    }
    if (KNOWN.size() < MOST) {
      KNOWN.put(fresh, fresh);
    }
    return fresh;
  }
}
