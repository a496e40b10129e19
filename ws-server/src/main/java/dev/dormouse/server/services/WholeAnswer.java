package dev.dormouse.server.services;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The answer of another server with all of its body, or none of it.
///
/// A request's own timeout ends when the headers are there, so a body that stalls would hold
/// whoever reads it for ever.
public final class WholeAnswer {
  private WholeAnswer() {}

  /// Asks, and blocks until the last byte is there.
  ///
  /// @param bytes of the body, at most
  /// @param patience from the first step of connecting to the last byte
  /// @throws TimeoutException when patience is over; the connection is given up
  /// @throws IOException if there is no answer, or one that is too long
  public static HttpResponse<byte[]> of(
      HttpClient client, HttpRequest request, int bytes, Duration patience)
      throws IOException, InterruptedException, TimeoutException {
    CompletableFuture<HttpResponse<byte[]>> coming =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), bytes));
    try {
      return coming.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } finally {
      // Gives the connection up if it is still at work.
      coming.cancel(true);
    }
  }
}
