package dev.dormouse.server.jetty;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;

/// Jetty's state of one WebSocket, set up for rooms: no extensions, no idle timeout, frames in
/// parts as they come, and errors of the client's answered politely.
final class RoomSession extends WebSocketCoreSession {
  /// Shared by all, since Jetty keeps it for as long as the socket lives.
  private static final URI NOWHERE = URI.create("ws://localhost/");

  /// What is read at once, in bytes; the buffer is borrowed while there is something to read.
  private static final int BUFFER = 8 * 1024;

  private final WebSocketWire wire;

  RoomSession(WebSocketWire wire, @Nullable String subProtocol, WebSocketComponents components) {
    super(wire, Behavior.SERVER, negotiated(subProtocol, components), components);
    this.wire = wire;
    setIdleTimeout(Duration.ZERO);
    setAutoFragment(true);
    // Zero is no limit: messages are limited where they are assembled.
    setMaxFrameSize(0);
    setInputBufferSize(BUFFER);
    setOutputBufferSize(BUFFER);
  }

  private static Negotiated negotiated(
      @Nullable String subProtocol, WebSocketComponents components) {
    ExtensionStack none = new ExtensionStack(components, Behavior.SERVER);
    none.negotiate(List.of(), List.of());
    return new Negotiated(
        NOWHERE, subProtocol, false, none, WebSocketConstants.SPEC_VERSION_STRING);
  }

  /// Jetty would set the thread's class loader for every frame.
  @Override
  protected void handle(Runnable work) {
    work.run();
  }

  /// The bytes are no frame, or the socket broke.
  @Override
  public void processConnectionError(Throwable cause, Callback callback) {
    if (cause instanceof CloseException broken) {
      wire.refuse(broken.getStatusCode(), cause, true);
      callback.succeeded();
      // Reads on, so that the client's end is seen and what it still sends does not reset the
      // socket.
      getConnection().fillInterested();
    } else {
      super.processConnectionError(cause, callback);
    }
  }

  /// The frame was not allowed where it came.
  @Override
  public void processHandlerError(Throwable cause, Callback callback) {
    if (cause instanceof CloseException broken) {
      wire.refuse(broken.getStatusCode(), cause, false);
      callback.succeeded();
      demand();
    } else {
      super.processHandlerError(cause, callback);
    }
  }
}
