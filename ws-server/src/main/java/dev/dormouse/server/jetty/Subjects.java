package dev.dormouse.server.jetty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.Request;

/// Who is charged for what a client says, besides its address: the user that its token names, or
/// where nobody asks for tokens the address once more.
@FunctionalInterface
public interface Subjects {
  /// Under which a handshake tells who its client was found to be.
  String SUBJECT = "dev.dormouse.subject";

  Subjects KNOWN =
      request ->
          request.getAttribute(SUBJECT) instanceof String subject
              ? named(subject)
              : address(request.getConnectionMetaData().getRemoteSocketAddress());

  private static String address(SocketAddress peer) {
    return peer instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : String.valueOf(peer);
  }

  /// A user as he is charged, whatever addresses he comes from.
  static String named(String subject) {
    return "user " + subject;
  }

  String of(Request request);
}
