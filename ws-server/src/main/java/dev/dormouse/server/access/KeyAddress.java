package dev.dormouse.server.access;

import dev.dormouse.server.services.WholeAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/// A JSON Web Key Set that is fetched. Over `https`, or from this machine: whoever can change it on
/// its way can sign tokens. Redirects are not followed.
final class KeyAddress implements KeySource {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST = 1 << 18;

  private final URI address;
  private final Duration patience;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  /// @throws IllegalArgumentException if it cannot be trusted
  KeyAddress(URI address) {
    this(address, PATIENCE);
  }

  /// @param patience until the whole answer is there
  KeyAddress(URI address, Duration patience) {
    this.address = address;
    this.patience = patience;
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

  /// Blocks until the whole document is there, or for as long as patience lasts.
  @Override
  public List<SigningKey> read() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("accept", "application/jwk-set+json, application/json")
            .build();
    try {
      HttpResponse<byte[]> response = WholeAnswer.of(client, request, MOST, patience);
      if (response.statusCode() != 200) {
        throw new IOException("it was answered with " + response.statusCode());
      }
      return KeyDocument.read(new String(response.body(), StandardCharsets.UTF_8), false);
    } catch (TimeoutException e) {
      throw new IOException("there was no whole answer in " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }
}
