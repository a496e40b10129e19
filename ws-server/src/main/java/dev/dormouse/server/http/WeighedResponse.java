package dev.dormouse.server.http;

import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Unfinished;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// A response that counts among what waits in memory until the client has taken it; a large one
/// becomes a 503 where that is too much already.
final class WeighedResponse extends Response.Wrapper {
  private final Burden burden;

  WeighedResponse(Request request, Response response, Burden burden) {
    super(request, response);
    this.burden = burden;
  }

  /// Where those answer whose bytes are in memory anyway.
  static Response unweighed(Response response) {
    return response instanceof WeighedResponse it ? it.getWrapped() : response;
  }

  @Override
  public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
    // What is not in the heap is not a room's.
    if (content == null || !content.hasArray() || !content.hasRemaining()) {
      super.write(last, content, callback);
      return;
    }
    byte[] bytes = content.array();
    // A part of more is one of a stream, which goes on when it has been taken.
    boolean whole = content.arrayOffset() == 0 && content.remaining() == bytes.length;
    boolean room = whole && burden.sends(bytes);
    if (whole && !room && !isCommitted()) {
      refuse(callback);
      return;
    }
    Going going = new Going(bytes, room, content.remaining(), callback);
    super.write(last, content, going);
    // Most have left by now.
    if (!going.gone) {
      burden.begin(going);
      if (going.gone) {
        burden.done(going);
      }
    }
  }

  private void refuse(Callback callback) {
    HttpFields said = HttpFields.build(getHeaders());
    reset();
    // That a page of another origin may see the answer holds for this one too.
    for (HttpField field : said) {
      String name = field.getLowerCaseName();
      if (name.startsWith("access-control-") || name.equals("vary")) {
        getHeaders().put(field);
      }
    }
    boolean safe = FrontDoor.SAFE.contains(getRequest().getMethod());
    new Answer(getRequest(), getWrapped(), callback).problem(Problem.noMemory(safe));
  }

  /// Bytes on their way.
  private final class Going extends Unfinished implements Callback {
    private final byte[] bytes;
    private final boolean shared;
    private final int size;
    private final Callback then;
    private volatile boolean gone;

    /// @param shared whether others may be sent the same
    Going(byte[] bytes, boolean shared, int size, Callback then) {
      this.bytes = bytes;
      this.shared = shared;
      this.size = size;
      this.then = then;
      burden.add(size);
    }

    private void leave() {
      gone = true;
      burden.done(this);
      burden.add(-size);
      if (shared) {
        burden.sent(bytes);
      }
    }

    @Override
    public void succeeded() {
      leave();
      then.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      leave();
      then.failed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return then.getInvocationType();
    }

    @Override
    protected long holds() {
      return size;
    }

    @Override
    protected long moved() {
      ParkingEndPoint end = ParkingEndPoint.within(endPoint());
      return end == null ? 0 : end.sent();
    }

    private EndPoint endPoint() {
      return getRequest().getConnectionMetaData().getConnection().getEndPoint();
    }

    @Override
    protected void end(Why why) {
      endPoint().close(new TimeoutException("the client does not read its answer"));
    }
  }
}
