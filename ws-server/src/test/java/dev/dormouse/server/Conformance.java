package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// One case of the Autobahn test-suite, told by what is sent and what may come back. Numbers and
/// meanings are the suite's; the words are ours.
///
/// @param number such as `5.19`
/// @param chops what is sent, each at once; an empty one is a pause
/// @param answers what comes back before anybody closes, in order
/// @param surely whether they must come; if not, all of them may be missing, as the suite allows
///   where a wrong frame follows on their heels
/// @param codes of the server's close frame
/// @param weClose whether we close when the answers are there
record Conformance(
    String number,
    List<byte[]> chops,
    List<RawWebSocket.Frame> answers,
    boolean surely,
    Set<Integer> codes,
    boolean weClose) {

  static final int MILLIS = 20;

  /// How a case went: `passed`, or what was wrong.
  static final String PASSED = "passed";

  // Cases.

  /// All is well: the answers come, then we close.
  static Conformance well(String number, List<byte[]> chops, RawWebSocket.Frame... answers) {
    return new Conformance(number, chops, List.of(answers), true, Set.of(1000), true);
  }

  /// The server ends the connection; nothing comes before.
  static Conformance fails(String number, int code, List<byte[]> chops) {
    return new Conformance(number, chops, List.of(), true, Set.of(code), false);
  }

  /// The server ends the connection; an answer to what was well may come before.
  static Conformance failsAfter(
      String number, int code, List<byte[]> chops, RawWebSocket.Frame answer) {
    return new Conformance(number, chops, List.of(answer), false, Set.of(code), false);
  }

  /// We have closed, and the server answers with one of these.
  static Conformance closes(String number, Set<Integer> codes, List<byte[]> chops) {
    return new Conformance(number, chops, List.of(), true, codes, false);
  }

  // What is sent.

  static byte[] frame(int first, String payload) {
    return RawWebSocket.encode(first, payload.getBytes(UTF_8));
  }

  /// Each by itself.
  static List<byte[]> framewise(byte[]... frames) {
    return List.of(frames);
  }

  static byte[] together(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  static List<byte[]> chopped(int size, byte[]... frames) {
    byte[] all = together(frames);
    List<byte[]> chops = new ArrayList<>();
    for (int at = 0; at < all.length; at += size) {
      chops.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + size)));
    }
    return chops;
  }

  /// The frames of a message in parts.
  static byte[][] fragments(int first, int size, byte[] payload) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < payload.length || at == 0; at += size) {
      boolean last = at + size >= payload.length;
      int head = (at == 0 ? first & 0x0f : 0) | (last ? 0x80 : 0);
      frames.add(
          RawWebSocket.encode(
              head, Arrays.copyOfRange(payload, at, Math.min(payload.length, at + size))));
    }
    return frames.toArray(byte[][]::new);
  }

  static RawWebSocket.Frame answer(int first, byte[] payload) {
    return new RawWebSocket.Frame(first, payload);
  }

  static RawWebSocket.Frame answer(int first, String payload) {
    return answer(first, payload.getBytes(UTF_8));
  }

  // The run.

  /// Plays the case on a connection that has said nothing yet.
  String play(RawWebSocket client) throws InterruptedException {
    try {
      send(client);
      int heard = 0;
      RawWebSocket.Frame frame = null;
      while (heard < answers.size()) {
        frame = client.next();
        RawWebSocket.Frame wanted = answers.get(heard);
        if (frame.first() == RawWebSocket.CLOSE && !surely && heard == 0) {
          break;
        }
        if (frame.first() != wanted.first() || !Arrays.equals(frame.payload(), wanted.payload())) {
          return "answered %02x of %d bytes instead of %02x of %d"
              .formatted(
                  frame.first(), frame.payload().length, wanted.first(), wanted.payload().length);
        }
        heard++;
        frame = null;
      }
      if (weClose) {
        client.close(1000);
      }
      if (frame == null) {
        frame = client.next();
      }
      if (frame.first() != RawWebSocket.CLOSE) {
        return "said %02x instead of closing".formatted(frame.first());
      }
      if (!codes.contains(frame.code())) {
        return "closed with " + frame.code();
      }
      return ended(client, frame.code()) ? PASSED : "said more after its close";
    } catch (IOException e) {
      return "failed: " + e.getMessage();
    }
  }

  private void send(RawWebSocket client) throws InterruptedException {
    for (byte[] chop : chops) {
      if (chop.length == 0) {
        Thread.sleep(MILLIS);
      }
      try {
        client.bytes(chop);
      } catch (IOException _) {
        // It has closed already; what it said is still there to be read.
        return;
      }
    }
  }

  private boolean ended(RawWebSocket client, int code) throws IOException {
    if (!weClose && serverWaits()) {
      try {
        client.close(code);
      } catch (IOException _) {
        return true;
      }
    }
    return client.ended();
  }

  /// Whether the server waits for our close frame.
  private boolean serverWaits() {
    return codes.stream().anyMatch(code -> code == 1002 || code == 1007);
  }
}
