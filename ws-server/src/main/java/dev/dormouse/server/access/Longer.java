package dev.dormouse.server.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.hibernation.Renewals;
import dev.dormouse.room.Access;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets connections stay longer whose client sends another token in time, as the text
///
/// ```
/// {"dormouse": "token", "token": "…"}
/// ```
///
/// It must be good, the same person's, and allow what the connection may do.
public final class Longer implements Renewals {
  private static final byte[] BEGINNING = "{\"dormouse\"".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST = Tokens.MOST + 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Gate gate;
  private final Holders holders;
  private final Map<String, Namespace> namespaces;
  private final Names names;

  /// Knows the names of rooms.
  @FunctionalInterface
  public interface Names {
    /// The room's name, without waking it; blocks.
    ///
    /// @throws IOException if it is not known at present
    String of(RoomId room) throws IOException;
  }

  public Longer(Gate gate, Holders holders, Map<String, Namespace> namespaces, Names names) {
    this.gate = gate;
    this.holders = holders;
    this.namespaces = Map.copyOf(namespaces);
    this.names = names;
  }

  @Override
  public @Nullable String tokenIn(Message message) {
    if (!(message instanceof Message.Text(byte[] bytes))
        || bytes.length > MOST
        || bytes.length < BEGINNING.length
        || !Arrays.equals(bytes, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length)) {
      return null;
    }
    try {
      JsonNode said = JSON.readTree(bytes);
      JsonNode token = said.path("token");
      return said.path("dormouse").asText().equals("token") && token.isTextual()
          ? token.textValue()
          : null;
    } catch (JsonProcessingException _) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("bytes can be read", e);
    }
  }

  @Override
  public Answer look(RoomId room, String token, long holder, boolean reads) {
    try {
      Person person = gate.identify(token);
      long his = holders.of(person);
      if (holder != 0 && his != holder) {
        throw gate.counted(Denial.OTHER_HOLDER.found());
      }
      Namespace namespace = namespaces.get(room.namespace());
      if (namespace != null) {
        gate.admit(person, namespace, names.of(room), reads ? Access.READ : Access.WRITE);
      }
      Instant until = person.until();
      return until == null ? new Answer.Later() : new Answer.Stays(holders.stay(person, until));
    } catch (Denial.Found no) {
      CloseStatus status = Gate.closing(no.denial());
      return status == null ? new Answer.Later() : new Answer.Ends(status);
    } catch (IOException _) {
      return new Answer.Later();
    }
  }
}
