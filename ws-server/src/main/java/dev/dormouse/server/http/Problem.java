package dev.dormouse.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.server.access.Denial;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// An error as a client sees it: a status and a JSON body with `error`, `message`, `retryable`,
/// `outcome` and, where one is concerned, `room`. `docs/protocols.md` has the table.
///
/// @param status the HTTP status
/// @param error a name for programs, in lower case with hyphens
/// @param message a sentence for people
/// @param retryable whether the same request may succeed later
/// @param outcome what is known of the changes that were asked for
/// @param room the room concerned, for people; null if none is
/// @param current the version now, of a version conflict
/// @param headers further headers of the answer
public record Problem(
    int status,
    String error,
    String message,
    boolean retryable,
    Outcome outcome,
    @Nullable String room,
    @Nullable Long current,
    Map<String, String> headers) {

  static final ObjectMapper JSON = new ObjectMapper();

  /// How long a client should wait before it tries again, in seconds.
  private static final Map<String, String> SOON = Map.of("retry-after", "1");

  /// An error of the request itself.
  static Problem of(int status, String error, String message) {
    return new Problem(status, error, message, false, Outcome.NOT_APPLIED, null, null, Map.of());
  }

  /// An error that Jetty found, named after its status.
  static Problem ofStatus(int status, @Nullable String message) {
    String phrase = HttpStatus.getMessage(status);
    String error = phrase.toLowerCase(Locale.ROOT).replace(' ', '-');
    Problem problem = of(status, error, message == null || message.isBlank() ? phrase : message);
    return status == 503 ? problem.again("1") : problem;
  }

  /// A client that asks too often.
  static Problem tooMany(int seconds) {
    return of(429, "too-many-requests", "there are too many requests from you; try again later")
        .again(Integer.toString(seconds));
  }

  /// A user who has as many connections as he may.
  static Problem tooManyOfUser() {
    return of(429, "too-many-of-user", "there are as many connections of yours as there may be")
        .again("10");
  }

  /// An answer that there is no memory for at present.
  ///
  /// @param safe whether what was asked changes nothing
  static Problem noMemory(boolean safe) {
    return new Problem(
        503,
        "service-unavailable",
        "too much waits in memory already; try again later",
        true,
        safe ? Outcome.NOT_APPLIED : Outcome.UNKNOWN,
        null,
        null,
        SOON);
  }

  static Problem tooManyOfAddress() {
    return of(
            429,
            "too-many-of-address",
            "there are as many connections from your address as there may be")
        .again("10");
  }

  private Problem again(String seconds) {
    return new Problem(
        status, error, message, true, outcome, room, current, Map.of("retry-after", seconds));
  }

  /// An error of a room, or on the way to it.
  static Problem of(RoomException error, @Nullable RoomId room) {
    int status = status(error);
    Long current = error instanceof Refusal.VersionConflict c ? (Long) c.current() : null;
    Map<String, String> headers =
        current != null ? Map.of("etag", "\"" + current + "\"") : status == 503 ? SOON : Map.of();
    return new Problem(
        status,
        name(error),
        message(error, room),
        error.retryable(),
        error.outcome(),
        room == null ? null : room.toString(),
        current,
        headers);
  }

  /// A client that is not let in, with what `WWW-Authenticate` says of it (RFC 6750).
  static Problem of(Denial.Found no) {
    Denial denial = no.denial();
    String error = denial.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Map<String, String> headers =
        switch (denial.status()) {
          case 503 -> Map.of("retry-after", "5");
          case 403 -> Map.of("www-authenticate", bearer("insufficient_scope", denial));
          case 400 -> Map.of("www-authenticate", bearer("invalid_request", denial));
          default ->
              Map.of(
                  "www-authenticate",
                  denial == Denial.NO_TOKEN
                      ? "Bearer realm=\"dormouse\""
                      : bearer("invalid_token", denial));
        };
    return new Problem(
        denial.status(),
        error,
        String.valueOf(no.getMessage()),
        denial.status() == 503,
        Outcome.NOT_APPLIED,
        null,
        null,
        headers);
  }

  private static String bearer(String error, Denial denial) {
    return "Bearer realm=\"dormouse\", error=\"%s\", error_description=\"%s\""
        .formatted(error, denial.sentence().replace('"', '\''));
  }

  Problem at(RoomId id) {
    return new Problem(status, error, message, retryable, outcome, id.toString(), current, headers);
  }

  Problem with(String header, String value) {
    return new Problem(
        status, error, message, retryable, outcome, room, current, Map.of(header, value));
  }

  private static int status(RoomException error) {
    return switch (error) {
      case Refusal refusal -> refusal.status();
      case RoomException.CallTimeout _ -> 504;
      case RoomException.WouldDeadlock _ -> 508;
      case RoomException.GoingAway _ -> 503;
      case RoomReset reset ->
          switch (reset.reason()) {
            case HANDLER_THREW -> 500;
            case ABORTED, COMMIT_FAILED, OVER_LIMIT, BACKING_OFF, STOPPING, ASLEEP -> 503;
          };
    };
  }

  /// What a room threw may hold what is nobody's business: the log has it, a client does not.
  private static String message(RoomException error, @Nullable RoomId room) {
    if (error instanceof RoomReset reset && reset.reason() == RoomReset.Reason.HANDLER_THREW) {
      return "a handler of " + (room == null ? "the room" : room) + " failed; the log says how";
    }
    return String.valueOf(error.getMessage());
  }

  /// The error's name, for programs.
  static String name(RoomException error) {
    return switch (error) {
      case Refusal.Refused _ -> "refused";
      case Refusal.NotFound _ -> "not-found";
      case Refusal.VersionConflict _ -> "version-conflict";
      case Refusal.TooLarge _ -> "too-large";
      case Refusal.RoomFull _ -> "room-full";
      case Refusal.Overloaded _ -> "overloaded";
      case Refusal.StorageFull _ -> "storage-full";
      case RoomException.CallTimeout _ -> "timeout";
      case RoomException.WouldDeadlock _ -> "would-deadlock";
      case RoomException.GoingAway _ -> "going-away";
      case RoomReset _ -> "reset";
    };
  }

  /// The body, in UTF-8.
  byte[] body() {
    return bytes(json());
  }

  /// The body, for who has more to say.
  ObjectNode json() {
    ObjectNode body = JSON.createObjectNode();
    body.put("error", error);
    body.put("message", message);
    body.put("retryable", retryable);
    body.put("outcome", outcome.name());
    if (room != null) {
      body.put("room", room);
    }
    if (current != null) {
      body.put("current", current.longValue());
    }
    return body;
  }

  /// The frame that tells a client of `dormouse.v1` that its message was refused (S3).
  public static Message refusal(Refusal refusal) {
    ObjectNode frame = JSON.createObjectNode();
    frame.put("dormouse", "refused");
    frame.put("error", name(refusal));
    frame.put("message", refusal.getMessage());
    if (refusal instanceof Refusal.VersionConflict conflict) {
      frame.put("current", conflict.current());
    }
    return new Message.Text(bytes(frame));
  }

  static byte[] bytes(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  /// Carries a problem to where it is answered.
  static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Found(Problem problem) {
      // No stack trace: this is an answer, not a fault.
      super(problem.message(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  Found found() {
    return new Found(this);
  }
}
