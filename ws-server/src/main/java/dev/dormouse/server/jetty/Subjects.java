package dev.dormouse.server.jetty;

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
              ? "user " + subject
              : Request.getRemoteAddr(request);

  String of(Request request);
}
