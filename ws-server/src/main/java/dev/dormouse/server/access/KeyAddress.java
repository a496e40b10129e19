package dev.dormouse.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A JSON Web Key Set that is fetched. Over `https`, or from this machine: whoever can change it on
/// its way can sign tokens. Redirects are not followed.
final class KeyAddress implements KeySource {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST = 1 << 18;

  private final URI address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  /// @throws IllegalArgumentException if it cannot be trusted
  KeyAddress(URI address) {
    this.address = address;
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = address.getHost();
    boolean safe =
        host != null && (scheme.equals("https") || (scheme.equals("http") && isHere(host)));
    if (!safe || address.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "keys are fetched over https, or over http from this machine, and without a user");
    }
  }

  /// No name is looked up, but for the one that means this machine everywhere.
  private static boolean isHere(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @Override
  public List<SigningKey> read() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("accept", "application/jwk-set+json, application/json")
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("it was answered with " + response.statusCode());
        }
        byte[] bytes = in.readNBytes(MOST + 1);
        if (bytes.length > MOST) {
          throw new IOException("it is larger than " + MOST + " bytes");
        }
        return KeyDocument.read(new String(bytes, StandardCharsets.UTF_8), false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }
}
