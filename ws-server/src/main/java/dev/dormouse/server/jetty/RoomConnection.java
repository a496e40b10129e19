package dev.dormouse.server.jetty;

import dev.dormouse.server.parking.Parkable;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;

/// Jetty's WebSocket connection, but read by the selector's own thread.
///
/// Handling a frame never blocks here: rooms that may block run elsewhere. Told so, Jetty does not
/// hand its selector to another thread before each read, which is worth a third of the cost of a
/// small message.
final class RoomConnection extends WebSocketConnection implements Callback, Parkable {
  private final WebSocketWire wire;

  /// Where in its frames the client is; for the thread that reads. What was read before Jetty said
  /// that it wants to know of more is seen by whoever sees that.
  private final FrameBoundary boundary = new FrameBoundary();

  private RoomConnection(
      EndPoint endPoint, Connector connector, RoomSession session, WebSocketWire wire) {
    super(
        endPoint,
        connector.getExecutor(),
        connector.getScheduler(),
        connector.getByteBufferPool(),
        session);
    this.wire = wire;
    setUseInputDirectByteBuffers(true);
    setUseOutputDirectByteBuffers(true);
  }

  /// A connection for `wire` on an endpoint, old or new.
  static RoomConnection on(
      EndPoint endPoint, Connector connector, RoomSession session, WebSocketWire wire) {
    RoomConnection connection = new RoomConnection(endPoint, connector, session, wire);
    session.setWebSocketConnection(connection);
    return connection;
  }

  /// What came right behind the handshake.
  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    handed(buffer.duplicate());
    super.onUpgradeTo(buffer);
  }

  @Override
  public void handed(ByteBuffer bytes) {
    boundary.add(bytes);
  }

  @Override
  public @Nullable Parked park(ParkingEndPoint endPoint) {
    return boundary.atRest() ? wire.park(endPoint) : null;
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
