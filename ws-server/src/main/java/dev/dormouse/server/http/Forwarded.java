package dev.dormouse.server.http;

import dev.dormouse.server.limits.Networks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Who a client is that comes through a proxy: each proxy appends to `X-Forwarded-For` whom it was
/// called by. Only what trusted proxies have appended is believed: from the right, the first
/// address that is not such a proxy's. What stands further left is the client's own word.
///
/// `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two hands on what a client
/// wrote into the other.
public final class Forwarded implements HttpConfiguration.Customizer {
  private static final String HEADER = "X-Forwarded-For";

  /// Longer than any address with a port.
  private static final int MOST_CHARACTERS = 64;

  private final Networks trusted;

  public Forwarded(Networks trusted) {
    this.trusted = trusted;
  }

  /// A request that somebody has sent on; all who ask it where it is from are told of its client.
  private static final class SentOn extends Request.Wrapper {
    private final InetAddress client;

    SentOn(Request request, InetAddress client) {
      super(request);
      this.client = client;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return new ConnectionMetaData.Wrapper(super.getConnectionMetaData()) {
        @Override
        public SocketAddress getRemoteSocketAddress() {
          return new InetSocketAddress(client, 0);
        }
      };
    }
  }

  /// The client of a request that a trusted proxy has sent on; empty for any other.
  static Optional<InetAddress> client(Request request) {
    return Optional.ofNullable(Request.as(request, SentOn.class)).map(sent -> sent.client);
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (!(request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer)
        || !trusted.contains(peer.getAddress())) {
      return request;
    }
    InetAddress client = client(request.getHeaders().getValuesList(HEADER));
    return client == null ? request : new SentOn(request, client);
  }

  /// The first from the right that is not trusted, or the last that could be read; null if none
  /// could.
  @Nullable InetAddress client(List<String> lines) {
    InetAddress last = null;
    for (String line : lines.reversed()) {
      for (int end = line.length(); end >= 0; end = line.lastIndexOf(',', end - 1)) {
        InetAddress next = address(line.substring(line.lastIndexOf(',', end - 1) + 1, end));
        if (next == null) {
          return last;
        }
        last = next;
        if (!trusted.contains(next)) {
          return last;
        }
      }
    }
    return last;
  }

  /// Reads `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]` and `[::1]:80`; null for anything else.
  private static @Nullable InetAddress address(String text) {
    String literal = text.strip();
    int colon = literal.indexOf(':');
    if (literal.startsWith("[")) {
      literal = literal.substring(1, Math.max(1, literal.indexOf(']')));
    } else if (colon >= 0 && colon == literal.lastIndexOf(':')) {
      literal = literal.substring(0, colon);
    }
    if (literal.isEmpty() || literal.length() > MOST_CHARACTERS) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
