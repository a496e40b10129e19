package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Request;

/// What a room has several of: seen page by page, and changed by an order with a body.
interface AdminPart {

  /// The parameters of a look.
  Set<String> looking();

  /// The parameters of an order.
  Set<String> changing();

  /// A page.
  ObjectNode look(RoomId room, Parameters given)
      throws IOException, TimeoutException, InterruptedException;

  /// Does as it is told; the log says who told it.
  ObjectNode change(Request request, RoomId room, Parameters given);
}
