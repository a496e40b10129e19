package dev.dormouse.rooms.fleet.device;

import dev.dormouse.room.Message;
import dev.dormouse.rooms.json.BadJsonException;
import java.util.Optional;

/// How devices speak. What is on the wire is this one's business alone; the room knows [Said] and
/// [Told] only.
interface DeviceProtocol {

  /// Reads one message.
  ///
  /// @throws BadJsonException with a sentence for its sender; nothing of the message counts
  Said read(Message message) throws BadJsonException;

  Message write(Told told);

  /// A sign of life and its answer, for which the room need not be woken; empty if this protocol
  /// has none that is always the same.
  Optional<SignOfLife> signOfLife();

  /// @param request exactly what a device sends
  record SignOfLife(Message request, Message answer) {}
}
