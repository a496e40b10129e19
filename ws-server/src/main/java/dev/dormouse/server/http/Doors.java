package dev.dormouse.server.http;

import java.util.Map;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Sends each request through the door of the port that it came in by. Told that nothing behind it
/// blocks, Jetty runs it on the thread that read the request.
public final class Doors extends Handler.Abstract.NonBlocking {
  private final Map<Connector, Request.Handler> doors;

  public Doors(Map<Connector, Request.Handler> doors) {
    this.doors = Map.copyOf(doors);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    FirstAnswer.watch(request);
    Request.Handler door = doors.get(request.getConnectionMetaData().getConnector());
    return door != null && door.handle(request, response, callback);
  }
}
