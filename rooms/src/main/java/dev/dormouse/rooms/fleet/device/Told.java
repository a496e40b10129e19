package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// What a device is told, in whatever protocol.
sealed interface Told {

  /// Both states, whole.
  record States(Twin.Part desired, Twin.Part reported) implements Told {}

  /// What it should change to be as desired; empty once it is.
  ///
  /// @param version of the desired state. A version that the device knows, or a lower one, is not
  ///   to be acted on
  record Delta(long version, ObjectNode state) implements Told {}

  /// A report was taken.
  record Reported(long version) implements Told {}

  /// A report was not taken: it does not build on what is there.
  record Conflict(long version) implements Told {}

  /// Something to do once; may come again until it is answered, with the same id.
  record Command(String id, String name, @Nullable JsonNode payload, long deadline)
      implements Told {}

  record Pong() implements Told {}

  /// What was said makes no sense; nothing was changed.
  record Wrong(String message) implements Told {}
}
