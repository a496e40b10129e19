package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Access;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.node.QueueClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Queues over HTTP, for those that are declared `http()`: publishing is answered when it is
/// durable; a pull waits for messages. `docs/queues.md` describes it.
///
/// | path, all by POST | does |
/// |---|---|
/// | `/queues/{queue}` | publishes |
/// | `/queues/{queue}/{group}/pull` | takes messages for a time |
/// | `/queues/{queue}/{group}/ack`, `/retry`, `/extend` | answers by lease ids |
///
/// Who may ask is decided on the thread that read the request; all else happens on a thread of its
/// own, since it waits.
public final class QueueDoor {
  private static final Logger LOG = LoggerFactory.getLogger(QueueDoor.class);
  private static final String ROOT = "/queues/";
  private static final int BODY_BYTES = 8 * 1024 * 1024;
  private static final int SIZE = 10;

  private final QueueClient queues;
  private final Trust trust;
  private final Doorkeeper doorkeeper;
  private final Execution execution;

  public QueueDoor(QueueClient queues, Trust trust, Doorkeeper doorkeeper, Execution execution) {
    this.queues = queues;
    this.trust = trust;
    this.doorkeeper = doorkeeper;
    this.execution = execution;
  }

  /// Answers the request if its path is one of a queue; says whether it is. The host has been
  /// checked.
  ///
  /// @throws Problem.Found if it may not be asked so
  boolean serve(Answer answer) {
    Request request = answer.request();
    String path = FrontDoor.path(request);
    if (!path.startsWith(ROOT)) {
      return false;
    }
    if (!request.getMethod().equals("POST")) {
      throw FrontDoor.notAllowed(request.getMethod(), "POST");
    }
    trust.checkOrigin(request);
    String[] parts = path.substring(ROOT.length()).split("/", -1);
    if (parts.length != 1 && parts.length != 3) {
      throw nothing(path);
    }
    doorkeeper.admit(
        answer,
        "queues/" + (parts.length == 1 ? parts[0] : parts[0] + "/" + parts[1]),
        Access.WRITE,
        () -> execution.start("queue request", () -> answering(answer, parts, path)));
    return true;
  }

  private static Problem.Found nothing(String path) {
    return Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
  }

  private void answering(Answer answer, String[] parts, String path) {
    try {
      answer.json(200, parts.length == 1 ? publish(answer, parts[0]) : group(answer, parts, path));
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    } catch (RoomException no) {
      answer.problem(Problem.of(no, null));
    } catch (IOException e) {
      answer.problem(Problem.of(400, "bad-request", "the body broke off: " + e.getMessage()));
    } catch (RuntimeException | Error e) {
      LOG.error("a queue request failed: {}", path, e);
      answer.problem(Problem.of(500, "server-error", "the server failed; its log says how"));
    }
  }

  // ---- publishing

  private ObjectNode publish(Answer answer, String queue) throws IOException {
    checkSaysWhat(answer.request());
    byte[] body = body(answer.request());
    long now = execution.instant().toEpochMilli();
    List<QueueMessage> messages =
        isEnvelope(answer.request())
            ? QueueJson.messages(QueueJson.object(body), now)
            : List.of(raw(answer.request(), body, now));
    return QueueJson.published(queues.publish(queue, messages), messages);
  }

  private static String contentType(Request request) {
    @Nullable String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type == null ? "" : type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
  }

  /// A form is what `curl -d` calls anything: taken as bytes it would fail with whoever gets it.
  private static void checkSaysWhat(Request request) {
    if (contentType(request).equals("application/x-www-form-urlencoded") && !isRaw(request)) {
      throw Problem.of(
              415,
              "unsupported-media-type",
              "a form is no message, and 'curl -d' says that it sends one: say"
                  + " 'content-type: application/json' for {\"body\": …}, or another for a body"
                  + " that is the message; or add '?raw' if it is a form")
          .found();
    }
  }

  private static boolean isRaw(Request request) {
    return Request.extractQueryParameters(request).getNames().contains("raw");
  }

  /// Whether the body says what the messages are, rather than being one.
  private static boolean isEnvelope(Request request) {
    return !isRaw(request) && contentType(request).equals("application/json");
  }

  private static QueueMessage raw(Request request, byte[] body, long now) {
    String type = contentType(request);
    ContentType contentType =
        type.equals("application/json")
            ? ContentType.JSON
            : type.startsWith("text/") ? ContentType.TEXT : ContentType.BYTES;
    if (contentType == ContentType.JSON) {
      QueueJson.checkJson(body);
    }
    String delay = header(request, "x-delay-seconds");
    return QueueJson.message(
        header(request, "idempotency-key"),
        contentType,
        body,
        header(request, "x-message-type"),
        header(request, "x-ordering-key"),
        delay.isEmpty() ? Duration.ZERO : QueueJson.seconds("x-delay-seconds", delay),
        now);
  }

  private static String header(Request request, String name) {
    @Nullable String value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }

  // ---- consuming

  private ObjectNode group(Answer answer, String[] parts, String path) throws IOException {
    String queue = parts[0];
    String group = parts[1];
    byte[] body = body(answer.request());
    ObjectNode said = body.length == 0 ? Problem.JSON.createObjectNode() : QueueJson.object(body);
    return switch (parts[2]) {
      case "pull" -> {
        QueueJson.checkFields(said, Set.of("size", "leaseSeconds", "waitSeconds"));
        yield QueueJson.pulled(
            queues.pull(
                queue,
                group,
                QueueJson.whole(said, "size", SIZE),
                QueueJson.seconds(said, "leaseSeconds"),
                QueueJson.orNone(QueueJson.seconds(said, "waitSeconds"))));
      }
      case "ack" -> {
        QueueJson.checkFields(said, Set.of("leases"));
        List<String> leases = QueueJson.leases(said);
        yield QueueJson.settled(leases, queues.ack(queue, group, leases));
      }
      case "retry" -> {
        QueueJson.checkFields(said, Set.of("leases", "delaySeconds", "error"));
        List<String> leases = QueueJson.leases(said);
        yield QueueJson.settled(
            leases,
            queues.retry(
                queue,
                group,
                leases,
                QueueJson.orNone(QueueJson.seconds(said, "delaySeconds")),
                QueueJson.text(said, "error", "")));
      }
      case "extend" -> {
        QueueJson.checkFields(said, Set.of("leases", "leaseSeconds"));
        List<String> leases = QueueJson.leases(said);
        yield QueueJson.settled(
            leases, queues.extend(queue, group, leases, QueueJson.seconds(said, "leaseSeconds")));
      }
      default -> throw nothing(path);
    };
  }

  /// @throws Problem.Found with 413 if it is too large
  private static byte[] body(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] body = in.readNBytes(BODY_BYTES + 1);
      if (body.length > BODY_BYTES) {
        throw Problem.of(
                413, "too-large", "the body is larger than the limit of " + BODY_BYTES + " bytes")
            .found();
      }
      return body;
    }
  }
}
