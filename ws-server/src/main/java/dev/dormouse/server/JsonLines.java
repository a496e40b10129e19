package dev.dormouse.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.KeyValuePair;

/// Writes each log event as one line of JSON: `timestamp` (UTC), `level`, `logger`, `message`,
/// `thread`, then what the event carries, such as `room`, and `error` with its stack trace.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = new byte[0];

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line = json.createObjectNode();
    line.put("timestamp", event.getInstant().toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("message", Redaction.of(String.valueOf(event.getFormattedMessage())));
    line.put("thread", event.getThreadName());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.put(pair.key, Redaction.of(String.valueOf(pair.value)));
      }
    }
    if (event.getThrowableProxy() != null) {
      line.put("error", Redaction.of(ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    try {
      return (json.writeValueAsString(line) + '\n').getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
