package dev.dormouse.server.http;

import dev.dormouse.server.jetty.Handshake;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Metering;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// What each request costs whoever sends it: a message of its address's, and of its user's once
/// that is known, and the memory that its body takes while it comes and its answer while it goes.
///
/// @param subjects says whose it is
public record Toll(Metering metering, Subjects subjects, Burden burden) {

  /// Charges the user whom a request's token names.
  ///
  /// @return in how many seconds he may send it again; 0 if it may go on
  int of(Request request, String subject) {
    return metering.requestOf(
        Subjects.named(subject),
        Math.max(0, request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH)),
        Handshake.wanted(request));
  }

  /// Lets a request go on to its door, or refuses it.
  boolean handle(Request request, Response response, Callback callback, Request.Handler door)
      throws Exception {
    long body = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    int seconds =
        metering.request(
            subjects.of(request),
            request.getConnectionMetaData().getRemoteSocketAddress(),
            Math.max(0, body),
            Handshake.wanted(request));
    if (seconds > 0) {
      new Answer(request, response, callback).problem(Problem.tooMany(seconds));
      return true;
    }
    boolean bodiless = body <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    return door.handle(
        bodiless ? request : WeighedRequest.of(request, burden),
        new WeighedResponse(request, response, burden),
        callback);
  }
}
