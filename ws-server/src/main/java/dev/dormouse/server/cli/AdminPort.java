package dev.dormouse.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Asks the admin port of a server on this machine.
///
/// @param token what it wants to see, if it asks who is there
record AdminPort(URI root, Optional<String> token) {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// @param status of HTTP
  record Reply(int status, JsonNode json) {
    /// The answer, if it is one.
    ///
    /// @throws CommandFailure with what the server says otherwise
    JsonNode granted() {
      if (status / 100 != 2) {
        throw new CommandFailure(
            "the server says no (%d): %s".formatted(status, json.path("message").asText()));
      }
      return json;
    }
  }

  Reply get(String path) throws IOException, InterruptedException {
    return ask(request(path).GET());
  }

  Reply post(String path, JsonNode body) throws IOException, InterruptedException {
    return ask(
        request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).timeout(PATIENCE);
    token.ifPresent(it -> request.header("authorization", "Bearer " + it));
    return request;
  }

  private Reply ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    try {
      HttpResponse<byte[]> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), JSON.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw new CommandFailure("nothing at " + root + " is a Dormouse's admin port", e);
    } catch (ConnectException e) {
      throw new CommandFailure(
          "nobody answers at " + root + ": is the server's admin port there (--admin)?", e);
    }
  }

  /// A part of a path or a query, encoded.
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
