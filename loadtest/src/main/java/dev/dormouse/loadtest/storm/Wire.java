package dev.dormouse.loadtest.storm;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Requests to the server, each of them timed. Safe for any thread.
final class Wire {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int OVERLOADED = 503;
  private static final int FULL = 507;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Weather weather;
  private final URI main;
  private final URI bench;

  /// @param main where the rooms are
  /// @param bench where the bench room's paths are
  Wire(Weather weather, URI main, URI bench) {
    this.weather = weather;
    this.main = main;
    this.bench = bench;
  }

  /// @param tag the version that the answer names, -1 without one
  record Answer(int status, byte[] bytes, long tag) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  Weather weather() {
    return weather;
  }

  HttpClient client() {
    return client;
  }

  URI socket(String path) {
    return URI.create("ws://" + main.getAuthority() + path);
  }

  URI benchSocket(String path) {
    return URI.create("ws://" + bench.getAuthority() + path);
  }

  Answer get(String path) throws LostException, InterruptedException {
    return ask("GET", main.resolve(path), "", Map.of());
  }

  Answer put(String path, String body) throws LostException, InterruptedException {
    return ask("PUT", main.resolve(path), body, Map.of("content-type", "application/json"));
  }

  Answer post(String path, String body, Map<String, String> headers)
      throws LostException, InterruptedException {
    return ask("POST", main.resolve(path), body, headers);
  }

  Answer post(String path, String body) throws LostException, InterruptedException {
    return post(path, body, Map.of("content-type", "application/json"));
  }

  Answer benchGet(String path) throws LostException, InterruptedException {
    return ask("GET", bench.resolve(path), "", Map.of());
  }

  Answer benchPost(String path) throws LostException, InterruptedException {
    return ask("POST", bench.resolve(path), "", Map.of());
  }

  /// Blocks for at most 8 s.
  ///
  /// @throws LostException if there was no answer, or one that says to try again later
  private Answer ask(String method, URI at, String body, Map<String, String> headers)
      throws LostException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at)
            .timeout(PATIENCE)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    Fault began = weather.now();
    long start = System.nanoTime();
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == OVERLOADED || answer.statusCode() == FULL) {
        weather.refused(began);
        throw new LostException(method + " " + at + ": " + answer.statusCode());
      }
      weather.answered(began, System.nanoTime() - start);
      return new Answer(
          answer.statusCode(),
          answer.body(),
          answer.headers().firstValue("etag").map(Wire::version).orElse(-1L));
    } catch (IOException e) {
      weather.lost(began);
      throw new LostException(method + " " + at + ": " + e);
    }
  }

  private static long version(String tag) {
    String digits = tag.replaceAll("[^0-9]", "");
    return digits.isEmpty() ? -1 : Long.parseLong(digits);
  }
}
