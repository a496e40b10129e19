package dev.dormouse.room;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A room's answer to an [HttpCall]. It leaves once everything the room wrote is durable.
///
/// @param status 200 to 599
/// @param headers as they go on the wire
/// @param body the bytes, or a stream that is written after the reply has left the room
public record HttpReply(int status, Map<String, String> headers, Body body) {

  public HttpReply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("an HTTP status is 200 to 599, not " + status);
    }
    headers = Map.copyOf(headers);
  }

  /// What a reply carries.
  public sealed interface Body {}

  /// Bytes that are known when the turn ends; not to be changed afterwards.
  public record Bytes(byte[] bytes) implements Body {}

  /// Bytes that are written as they come, on a thread of their own, after the turn. The writer may
  /// block and must not use the room or its context.
  public record Stream(Writer writer) implements Body {}

  /// Writes a streamed body; a throw breaks the connection, so that the client sees it is not
  /// whole.
  @FunctionalInterface
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  public static HttpReply text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// @param json a whole JSON text
  public static HttpReply json(int status, String json) {
    return bytes(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpReply bytes(int status, String contentType, byte[] bytes) {
    return new HttpReply(status, Map.of("content-type", contentType), new Bytes(bytes));
  }

  public static HttpReply stream(int status, String contentType, Writer writer) {
    return new HttpReply(status, Map.of("content-type", contentType), new Stream(writer));
  }

  public HttpReply header(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new HttpReply(status, all, body);
  }

  /// Names the version that this reply shows, for a later `If-Match` (S3).
  public HttpReply version(long version) {
    return header("etag", "\"" + version + "\"");
  }

  /// The body as text, for tests and callers that know that it is not streamed.
  public String text() {
    return switch (body) {
      case Bytes(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
      case Stream _ -> throw new IllegalStateException("a streamed body is not known");
    };
  }
}
