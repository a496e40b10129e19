package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a device says, in whatever protocol.
sealed interface Said {

  /// What is different about it now.
  ///
  /// @param state fields to merge into the reported state; a null takes one away
  /// @param seen the version of the desired state that it acted on before it said this; empty if it
  ///   does not tell, which then confirms nothing
  /// @param expected the version of the reported state that it builds on; empty for any
  record Report(ObjectNode state, OptionalLong seen, OptionalLong expected) implements Said {}

  /// How far it is with a desired state.
  ///
  /// @param seen the version of it
  record Progress(long seen, Word word, String reason) implements Said {
    enum Word {
      ACCEPTED,
      DOWNLOADING,
      INSTALLING,
      VERIFYING,
      /// It will not.
      REJECTED,
      /// It could not.
      FAILED
    }
  }

  /// The end of a command.
  record Done(String command, boolean ok, @Nullable JsonNode result) implements Said {}

  /// By which words it is found.
  record Tags(List<String> tags) implements Said {}

  /// Asks for both states.
  record Get() implements Said {}

  /// A sign of life that was not the one that is answered without the room.
  record Ping() implements Said {}
}
