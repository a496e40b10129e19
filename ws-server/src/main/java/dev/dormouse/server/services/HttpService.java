package dev.dormouse.server.services;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.dormouse.room.Refusal;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A service outside that is called over HTTP:
///
/// ```
/// POST {base}/{operation}         the payload as JSON, the key as the header Idempotency-Key
/// GET  {base}/{operation}/{key}   a lookup: what became of a key
/// ```
///
/// | answer | means |
/// |---|---|
/// | 2xx | done; the body is the result, JSON or empty |
/// | 404 to a lookup | nothing is known of the key |
/// | 408, 425, 429, 5xx, anything that is not named here, no answer | the attempt failed |
/// | any other 4xx | a refusal, for the reason that the body gives |
///
/// What a saga promises holds as far as the service does its part: a second call with a key has no
/// second effect, and neither has a call that comes, late, after its undo with the same key.
///
/// Redirects are not followed: what is said to one service is not for another. Nothing but the
/// service's name, the operation and the status goes into messages, and no header into logs.
/// Thread-safe.
public final class HttpService implements ExternalService, AutoCloseable {
  private static final int MAX_REASON = 300;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build());
  }

  private final String name;
  private final ServiceAddress address;
  private final Limits limits;
  private final Map<String, String> headers;
  private final HttpClient client;

  /// What a call may take.
  ///
  /// @param connect until there is a connection
  /// @param total until the whole answer is there; below the timeout of the steps that call
  /// @param bytes of an answer's body; a saga keeps it
  public record Limits(Duration connect, Duration total, int bytes) {
    /// Two seconds to connect, eight in all, 64 KiB.
    public static Limits defaults() {
      return new Limits(Duration.ofSeconds(2), Duration.ofSeconds(8), 64 * 1024);
    }
  }

  /// @param name as sagas call it
  /// @param base `http` or `https`, without user, query and fragment
  /// @param headers that go with every call, such as `Authorization`
  /// @throws IllegalArgumentException if the base cannot be one
  public HttpService(String name, URI base, Limits limits, Map<String, String> headers) {
    this.name = name;
    this.address = new ServiceAddress(base);
    this.limits = limits;
    this.headers = Map.copyOf(headers);
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect())
            .build();
  }

  /// The service behind an address, with the credentials that the environment has for it.
  ///
  /// @param environment its variable `DORMOUSE_SERVICE_{NAME}_AUTHORIZATION`, if it is set, is the
  ///   header `Authorization` of every call
  /// @throws IllegalArgumentException if the base cannot be one
  public static HttpService of(String name, URI base, Map<String, String> environment) {
    String authorization = environment.get(ServiceAddress.variable(name));
    Map<String, String> headers =
        authorization == null || authorization.isBlank()
            ? Map.of()
            : Map.of("Authorization", authorization.strip());
    return new HttpService(name, base, Limits.defaults(), headers);
  }

  @Override
  public @Nullable JsonNode call(ExternalCall call) throws IOException, InterruptedException {
    HttpRequest request = request(call);
    HttpResponse<byte[]> answer = answer(call, request);
    int status = answer.statusCode();
    if (status >= 200 && status <= 299) {
      JsonNode result = result(call, answer.body());
      // A lookup that knows the key must not look like one that does not.
      return result == null && call.looksUp() ? NullNode.getInstance() : result;
    }
    if (status == 404 && call.looksUp()) {
      return null;
    }
    String why = reason(answer.body());
    String said = "%s answered %s with %d%s".formatted(name, call.operation(), status, why);
    if (status >= 400 && status <= 499 && status != 408 && status != 425 && status != 429) {
      throw new Refusal.Refused(status, said);
    }
    throw new ServiceFailedException(said);
  }

  private HttpRequest request(ExternalCall call) {
    HttpRequest.Builder request =
        call.looksUp()
            ? HttpRequest.newBuilder(address.of(call.operation(), call.key())).GET()
            : HttpRequest.newBuilder(address.of(call.operation()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", call.key())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(call)));
    headers.forEach(request::setHeader);
    return request.header("Accept", "application/json").build();
  }

  private static byte[] body(ExternalCall call) {
    try {
      return JSON.writeValueAsBytes(call.payload(JsonNode.class));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the payload is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /// The whole answer, in time, or a failed attempt.
  private HttpResponse<byte[]> answer(ExternalCall call, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return WholeAnswer.of(client, request, limits.bytes(), limits.total());
    } catch (TimeoutException e) {
      throw new ServiceTimeoutException(
          "%s did not answer %s in %s s"
              .formatted(name, call.operation(), seconds(limits.total())));
    } catch (IOException e) {
      throw new ServiceFailedException(
          "%s could not be asked to %s: %s".formatted(name, call.operation(), words(e)), e);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? Long.toString(duration.toSeconds())
        : Double.toString(duration.toMillis() / 1000.0);
  }

  private static String words(IOException cause) {
    return switch (cause) {
      case java.net.http.HttpConnectTimeoutException _ -> "no connection in time";
      case java.net.ConnectException _ -> "no connection";
      case IOException e when e.getMessage() != null -> e.getMessage();
      case IOException other -> other.getClass().getSimpleName();
    };
  }

  private @Nullable JsonNode result(ExternalCall call, byte[] body) throws IOException {
    if (body.length == 0) {
      return null;
    }
    try {
      JsonNode result = JSON.readTree(body);
      return result == null || result.isMissingNode() ? null : result;
    } catch (JacksonException e) {
      throw new ServiceFailedException(
          "%s answered %s with what is no JSON".formatted(name, call.operation()), e);
    }
  }

  /// What the body of an unhappy answer says: the usual fields of a JSON object, or plain text.
  private static String reason(byte[] body) {
    String text;
    try {
      JsonNode node = JSON.readTree(body);
      text = "";
      for (String field : new String[] {"reason", "detail", "message", "error", "title"}) {
        if (text.isEmpty() && node.path(field).isTextual()) {
          text = node.path(field).textValue();
        }
      }
    } catch (IOException e) {
      text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
    String line =
        text.codePoints()
            .map(c -> Character.isISOControl(c) ? ' ' : c)
            .limit(MAX_REASON)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip();
    return line.isEmpty() ? "" : ": " + line;
  }

  @Override
  public String toString() {
    return name + " at " + address;
  }

  /// Ends the calls that are under way; they fail.
  @Override
  public void close() {
    client.shutdownNow();
  }
}
