package dev.dormouse.server.jetty;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/// Jetty's WebSocket connection, but read by the selector's own thread.
///
/// Handling a frame never blocks here: rooms that may block run elsewhere. Told so, Jetty does not
/// hand its selector to another thread before each read, which is worth a third of the cost of a
/// small message.
final class RoomConnection extends WebSocketConnection implements Callback {

  RoomConnection(
      EndPoint endPoint,
      Executor executor,
      Scheduler scheduler,
      ByteBufferPool buffers,
      RoomSession session) {
    super(endPoint, executor, scheduler, buffers, session);
  }

  @Override
  public void fillInterested() {
    fillInterested(this);
  }

  @Override
  public void succeeded() {
    onFillable();
  }

  @Override
  public void failed(Throwable cause) {
    onFillInterestedFailed(cause);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
