package dev.dormouse.server.http;

import dev.dormouse.server.jetty.Handshake;
import dev.dormouse.server.limits.Guest;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// Ends a client's handshake when its first answer begins, be it an upgrade, a reply or an error.
final class FirstAnswer extends HttpStream.Wrapper {
  private final Guest guest;

  private FirstAnswer(HttpStream stream, Guest guest) {
    super(stream);
    this.guest = guest;
  }

  /// To be called for each request, before anybody answers it.
  static void watch(Request request) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    Guest guest = Handshake.guest(endPoint);
    if (guest == null || !guest.heard()) {
      return;
    }
    if (hasBody(request)) {
      // A body may take its time, and must not take a place from those who want to connect.
      guest.answered();
    } else {
      request.addHttpStreamWrapper(stream -> new FirstAnswer(stream, guest));
    }
  }

  private static boolean hasBody(Request request) {
    return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.Response response,
      boolean last,
      ByteBuffer content,
      Callback callback) {
    guest.answered();
    super.send(request, response, last, content, callback);
  }
}
