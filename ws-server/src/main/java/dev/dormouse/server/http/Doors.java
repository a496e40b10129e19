package dev.dormouse.server.http;

import java.util.Map;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Sends each request through the door of the port that it came in by. Told that nothing behind it
/// blocks, Jetty runs it on the thread that read the request.
public final class Doors extends Handler.Abstract.NonBlocking {
  private final Map<Connector, Request.Handler> doors;
  private final @Nullable Connector main;
  private final @Nullable Toll toll;

  /// For ports at which nothing is charged.
  Doors(Map<Connector, Request.Handler> doors) {
    this.doors = Map.copyOf(doors);
    this.main = null;
    this.toll = null;
  }

  /// @param main the port at which anybody may knock
  /// @param toll taken there
  public Doors(Map<Connector, Request.Handler> doors, Connector main, Toll toll) {
    this.doors = Map.copyOf(doors);
    this.main = main;
    this.toll = toll;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    FirstAnswer.watch(request);
    Connector by = request.getConnectionMetaData().getConnector();
    Request.Handler door = doors.get(by);
    if (door != null && toll != null && by.equals(main)) {
      return toll.handle(request, response, callback, door);
    }
    return door != null && door.handle(request, response, callback);
  }
}
