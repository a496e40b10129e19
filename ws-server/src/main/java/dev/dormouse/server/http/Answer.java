package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers one request, once, without blocking; a client that has gone gets nothing and nobody is
/// told.
///
/// @param request what is answered
/// @param response where to
/// @param callback ends the request
record Answer(Request request, Response response, Callback callback) {
  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  /// What the connection itself needs; a room has no say in it.
  private static final Set<String> NOT_THE_ROOMS =
      Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

  void problem(Problem problem) {
    problem.headers().forEach(headers()::put);
    headers().put(HttpHeader.CACHE_CONTROL, "no-store");
    bytes(problem.status(), "application/json", problem.body());
  }

  void json(int status, ObjectNode json) {
    headers().put(HttpHeader.CACHE_CONTROL, "no-store");
    bytes(status, "application/json", Problem.bytes(json));
  }

  void text(int status, String text) {
    headers().put(HttpHeader.CACHE_CONTROL, "no-store");
    bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int status, String contentType, byte[] bytes) {
    headers().put(HttpHeader.CONTENT_TYPE, contentType);
    write(status, bytes);
  }

  /// Answers with bytes that are in memory anyway, for all who ask.
  void kept(int status, String contentType, byte[] bytes) {
    new Answer(request, WeighedResponse.unweighed(response), callback)
        .bytes(status, contentType, bytes);
  }

  /// Ends with a status that has no body.
  void empty(int status) {
    write(status, new byte[0]);
  }

  private void write(int status, byte[] bytes) {
    response.setStatus(status);
    headers().put("x-content-type-options", "nosniff");
    if (status != 304 && status != 204) {
      headers().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    }
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }

  /// Passes on what a room replied.
  void reply(HttpReply reply, Execution execution) {
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      if (!NOT_THE_ROOMS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        headers().put(header.getKey(), header.getValue());
      }
    }
    switch (reply.body()) {
      case HttpReply.Bytes(byte[] bytes) -> write(reply.status(), bytes);
      case HttpReply.Stream(HttpReply.Writer writer) -> {
        response.setStatus(reply.status());
        headers().put("x-content-type-options", "nosniff");
        execution.start("reply stream", () -> stream(writer));
      }
    }
  }

  private void stream(HttpReply.Writer writer) {
    // Closed only when all is written: closing tells the client that the body is whole.
    OutputStream out = Content.Sink.asOutputStream(response);
    try {
      // The head goes first, so that a throw breaks the body and is not turned into another answer.
      out.flush();
      writer.writeTo(out);
      out.close();
      callback.succeeded();
    } catch (IOException | RuntimeException | Error e) {
      LOG.debug("a streamed reply broke off", e);
      callback.failed(e);
    }
  }

  HttpFields.Mutable headers() {
    return response.getHeaders();
  }
}
