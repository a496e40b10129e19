package dev.dormouse.server.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Which browsers' pages may talk to this server.
///
/// A page may if it came from this server: its `Origin` is the host that the request is addressed
/// to. Further origins are allowed by name. Programs send no `Origin` and are not the matter here.
/// Where it is enough to reach the server, on a loopback address or where nobody is asked for a
/// token, the `Host` must be one that cannot be made to point here by somebody else's name server
/// (DNS rebinding).
public final class Trust {
  /// Allows every origin, or every host.
  public static final String ANY = "*";

  private final boolean guarded;
  private final Set<String> hosts;
  private final Set<String> origins;

  /// Whether there is a setting that would have let in whom this refuses.
  private final boolean settable;

  /// @param guarded whether names that are not known to be ours are refused even if none are given
  /// @param hosts further names that `Host` may have; if any are given, only these and addresses
  /// @param origins further origins, such as `https://app.example`
  public Trust(boolean guarded, Set<String> hosts, Set<String> origins) {
    this(guarded, hosts, origins, true);
  }

  private Trust(boolean guarded, Set<String> hosts, Set<String> origins, boolean settable) {
    this.settable = settable;
    this.guarded = guarded;
    this.hosts = lower(hosts);
    this.origins = lower(origins);
  }

  /// For a port on loopback that no setting opens further: its own pages, its own names.
  public static Trust ownPagesOnly() {
    return new Trust(true, Set.of(), Set.of(), false);
  }

  private static Set<String> lower(Set<String> texts) {
    return Set.copyOf(texts.stream().map(t -> t.toLowerCase(Locale.ROOT)).toList());
  }

  /// Refuses a request that is addressed to a name which is not ours.
  ///
  /// @throws Problem.Found with 421
  void checkHost(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (host == null || (!guarded && hosts.isEmpty()) || hosts.contains(ANY)) {
      return;
    }
    String name = hostName(host);
    boolean ours =
        name.equals("localhost")
            || name.endsWith(".localhost")
            || isAddress(name)
            || hosts.contains(name);
    if (!ours) {
      throw Problem.of(
              421,
              "unknown-host",
              "this server does not answer for the host '"
                  + name
                  + (settable ? "'; allow it with the setting 'hosts'" : "'"))
          .found();
    }
  }

  /// Refuses a request that a page of somebody else's sent.
  ///
  /// @throws Problem.Found with 403
  void checkOrigin(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !trusted(request, origin)) {
      throw Problem.of(
              403,
              "forbidden-origin",
              "pages of '"
                  + origin
                  + "' may not talk to this server"
                  + (settable ? "; allow them with 'origin'" : ""))
          .found();
    }
  }

  /// Whether a page of another, allowed origin sent this, so that its answer must say so (CORS).
  boolean crossOrigin(Request request, String origin) {
    return allowed(origin) && !sameHost(request, origin);
  }

  private boolean trusted(Request request, String origin) {
    return allowed(origin) || sameHost(request, origin);
  }

  private boolean allowed(String origin) {
    return origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean sameHost(Request request, String origin) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (host == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      String theirs = uri.getHost();
      int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
      int theirPort = uri.getPort() < 0 ? usual : uri.getPort();
      return theirs != null
          && bare(theirs).equals(hostName(host))
          && theirPort == hostPort(host, usual);
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static int portMark(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? colon : -1;
  }

  private static String hostName(String host) {
    int mark = portMark(host);
    return bare(mark < 0 ? host : host.substring(0, mark));
  }

  private static int hostPort(String host, int usual) {
    int mark = portMark(host);
    if (mark < 0) {
      return usual;
    }
    try {
      return Integer.parseInt(host.substring(mark + 1));
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static String bare(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") && lower.endsWith("]")
        ? lower.substring(1, lower.length() - 1)
        : lower;
  }

  /// An address by number: no name server was asked, so none can have lied.
  private static boolean isAddress(@Nullable String name) {
    return name != null
        && !name.isEmpty()
        && (name.indexOf(':') >= 0
            || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
  }
}
