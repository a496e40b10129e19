package dev.dormouse.server;

import static dev.dormouse.server.Conformance.answer;
import static dev.dormouse.server.Conformance.chopped;
import static dev.dormouse.server.Conformance.closes;
import static dev.dormouse.server.Conformance.fails;
import static dev.dormouse.server.Conformance.failsAfter;
import static dev.dormouse.server.Conformance.fragments;
import static dev.dormouse.server.Conformance.frame;
import static dev.dormouse.server.Conformance.framewise;
import static dev.dormouse.server.Conformance.together;
import static dev.dormouse.server.Conformance.well;
import static dev.dormouse.server.RawWebSocket.BINARY;
import static dev.dormouse.server.RawWebSocket.CLOSE;
import static dev.dormouse.server.RawWebSocket.LAST;
import static dev.dormouse.server.RawWebSocket.MORE;
import static dev.dormouse.server.RawWebSocket.PING;
import static dev.dormouse.server.RawWebSocket.PONG;
import static dev.dormouse.server.RawWebSocket.TEXT;
import static dev.dormouse.server.RawWebSocket.TEXT_PART;
import static dev.dormouse.server.RawWebSocket.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.server.RawWebSocket.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The cases of the Autobahn test-suite that ask something of a server without compression: 1 to 7
/// as they are, 9 with sizes divided, 10.
final class ConformanceCases {
  private static final byte[] PAUSE = {};
  private static final String HELLO = "Hello, world!";

  /// What sizes of 9 are divided by.
  private final int part;

  private final List<Conformance> all = new ArrayList<>();

  private ConformanceCases(int part) {
    this.part = part;
  }

  static List<Conformance> all(int part) {
    ConformanceCases cases = new ConformanceCases(part);
    cases.framing();
    cases.pings();
    cases.reservedBits();
    cases.opcodes();
    cases.fragmentation();
    cases.utf8();
    cases.closing();
    cases.limits();
    cases.all.add(
        well(
            "10.1.1",
            framewise(fragments(TEXT, 1_300, filled('*', 65_536))),
            answer(TEXT, filled('*', 65_536))));
    return cases.all;
  }

  static byte[] filled(int with, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private void framing() {
    int[] lengths = {0, 125, 126, 127, 128, 65_535, 65_536};
    for (int kind : new int[] {TEXT, BINARY}) {
      String of = kind == TEXT ? "1.1." : "1.2.";
      int with = kind == TEXT ? '*' : 0xfe;
      for (int i = 0; i < lengths.length; i++) {
        byte[] payload = filled(with, lengths[i]);
        all.add(well(of + (i + 1), framewise(encode(kind, payload)), answer(kind, payload)));
      }
      byte[] payload = filled(with, 65_536);
      all.add(well(of + 8, chopped(997, encode(kind, payload)), answer(kind, payload)));
    }
  }

  private void pings() {
    byte[] bytes = HexFormat.of().parseHex("00fffefdfcfb00ff");
    byte[] most = filled(0xfe, 125);
    all.add(well("2.1", framewise(encode(PING)), answer(PONG, "")));
    all.add(well("2.2", framewise(frame(PING, HELLO)), answer(PONG, HELLO)));
    all.add(well("2.3", framewise(encode(PING, bytes)), answer(PONG, bytes)));
    all.add(well("2.4", framewise(encode(PING, most)), answer(PONG, most)));
    all.add(fails("2.5", 1002, framewise(encode(PING, filled(0xfe, 126)))));
    all.add(well("2.6", chopped(1, encode(PING, most)), answer(PONG, most)));
    all.add(well("2.7", framewise(encode(PONG))));
    all.add(well("2.8", framewise(frame(PONG, "unsolicited"))));
    all.add(
        well("2.9", framewise(frame(PONG, "unsolicited"), frame(PING, "p")), answer(PONG, "p")));
    byte[][] pings = new byte[10][];
    Frame[] pongs = new Frame[10];
    for (int i = 0; i < 10; i++) {
      pings[i] = frame(PING, "payload-" + i);
      pongs[i] = answer(PONG, "payload-" + i);
    }
    all.add(well("2.10", framewise(pings), pongs));
    all.add(well("2.11", chopped(1, pings), pongs));
  }

  private void reservedBits() {
    byte[] text = frame(TEXT, HELLO);
    byte[] ping = encode(PING);
    Frame echo = answer(TEXT, HELLO);
    all.add(fails("3.1", 1002, framewise(frame(TEXT | 0x10, HELLO))));
    all.add(
        failsAfter("3.2", 1002, List.of(together(text, frame(TEXT | 0x20, HELLO), ping)), echo));
    all.add(failsAfter("3.3", 1002, framewise(text, frame(TEXT | 0x30, HELLO), ping), echo));
    all.add(failsAfter("3.4", 1002, chopped(1, text, frame(TEXT | 0x40, HELLO), ping), echo));
    all.add(fails("3.5", 1002, framewise(encode(BINARY | 0x50, filled(0xff, 8)))));
    all.add(fails("3.6", 1002, framewise(frame(PING | 0x60, HELLO))));
    all.add(fails("3.7", 1002, framewise(encode(CLOSE | 0x70, (byte) 3, (byte) 0xe8))));
  }

  private void opcodes() {
    for (int i = 0; i < 2; i++) {
      String of = i == 0 ? "4.1." : "4.2.";
      int first = i == 0 ? 0x83 : 0x8b;
      byte[] text = frame(TEXT, HELLO);
      byte[] ping = encode(PING);
      Frame echo = answer(TEXT, HELLO);
      all.add(fails(of + 1, 1002, framewise(encode(first))));
      all.add(fails(of + 2, 1002, framewise(frame(first + 1, "reserved"))));
      all.add(failsAfter(of + 3, 1002, framewise(text, encode(first + 2), ping), echo));
      all.add(failsAfter(of + 4, 1002, framewise(text, frame(first + 3, HELLO), ping), echo));
      all.add(failsAfter(of + 5, 1002, chopped(1, text, frame(first + 4, HELLO), ping), echo));
    }
  }

  private void fragmentation() {
    byte[] one = frame(TEXT_PART, "fragment1");
    byte[] two = frame(LAST, "fragment2");
    byte[] ping = frame(PING, "ping payload");
    byte[] text = frame(TEXT, HELLO);
    Frame echo = answer(TEXT, "fragment1fragment2");
    Frame pong = answer(PONG, "ping payload");
    all.add(fails("5.1", 1002, framewise(frame(0x09, "a"), frame(LAST, "b"))));
    all.add(fails("5.2", 1002, framewise(frame(0x0a, "a"), frame(LAST, "b"))));
    all.add(well("5.3", List.of(together(one, two)), echo));
    all.add(well("5.4", framewise(one, two), echo));
    all.add(well("5.5", chopped(1, one, two), echo));
    all.add(well("5.6", List.of(together(one, ping, two)), pong, echo));
    all.add(well("5.7", framewise(one, ping, two), pong, echo));
    all.add(well("5.8", chopped(1, one, ping, two), pong, echo));
    int number = 9;
    for (int lost : new int[] {LAST, MORE}) {
      byte[] nothing = frame(lost, "non-continuation payload");
      all.add(fails("5." + number++, 1002, List.of(together(nothing, text))));
      all.add(fails("5." + number++, 1002, framewise(nothing, text)));
      all.add(fails("5." + number++, 1002, chopped(1, nothing, text)));
    }
    byte[] more = frame(MORE, "fragment3");
    all.add(failsAfter("5.15", 1002, List.of(together(one, two, more, text)), echo));
    for (int lost : new int[] {MORE, LAST}) {
      byte[] nothing = frame(lost, "fragment1");
      byte[] begin = frame(TEXT_PART, "fragment2");
      byte[] end = frame(LAST, "fragment3");
      all.add(
          fails(
              lost == MORE ? "5.16" : "5.17",
              1002,
              framewise(nothing, begin, end, nothing, begin, end)));
    }
    all.add(fails("5.18", 1002, List.of(together(one, frame(TEXT, "fragment2")))));
    byte[][] parts = {
      one, frame(MORE, "2"), ping, frame(MORE, "3"), frame(MORE, "4"), ping, frame(LAST, "5")
    };
    Frame[] answers = {pong, pong, answer(TEXT, "fragment12345")};
    all.add(
        well(
            "5.19",
            framewise(parts[0], parts[1], parts[2], PAUSE, parts[3], parts[4], parts[5], parts[6]),
            answers));
    all.add(well("5.20", framewise(parts), answers));
  }

  private void utf8() {
    byte[] words = "Hello-µ@ßöäüàá-UTF-8!!".getBytes(UTF_8);
    byte[] greek = "κόσμε".getBytes(UTF_8);
    byte[] wrong = HexFormat.of().parseHex("cebae1bdb9cf83cebcceb5eda080656469746564");
    all.add(well("6.1.1", framewise(encode(TEXT)), answer(TEXT, "")));
    byte[] none = encode(MORE);
    all.add(well("6.1.2", framewise(encode(TEXT_PART), none, encode(LAST)), answer(TEXT, "")));
    all.add(
        well(
            "6.1.3",
            framewise(encode(TEXT_PART), frame(MORE, "middle"), encode(LAST)),
            answer(TEXT, "middle")));
    all.add(well("6.2.1", framewise(encode(TEXT, words)), answer(TEXT, words)));
    // Behind "Hello-µ@ß".
    all.add(well("6.2.2", framewise(fragments(TEXT, 11, words)), answer(TEXT, words)));
    all.add(well("6.2.3", framewise(fragments(TEXT, 1, words)), answer(TEXT, words)));
    all.add(well("6.2.4", framewise(fragments(TEXT, 1, greek)), answer(TEXT, greek)));
    all.add(fails("6.3.1", 1007, framewise(encode(TEXT, wrong))));
    all.add(fails("6.3.2", 1007, framewise(fragments(TEXT, 1, wrong))));
    byte[] range = HexFormat.of().parseHex("cebae1bdb9cf83cebcceb5f4908080656469746564");
    all.add(fails("6.4.1", 1007, slowly(range, 11, 15, true)));
    all.add(fails("6.4.2", 1007, slowly(range, 12, 13, true)));
    all.add(fails("6.4.3", 1007, slowly(range, 11, 15, false)));
    all.add(fails("6.4.4", 1007, slowly(range, 12, 13, false)));
    List<List<byte[]>> groups = Utf8Sequences.all();
    for (int group = 0; group < groups.size(); group++) {
      List<byte[]> sequences = groups.get(group);
      for (int i = 0; i < sequences.size(); i++) {
        byte[] bytes = sequences.get(i);
        String number = "6." + (group + 5) + "." + (i + 1);
        List<byte[]> chops = framewise(encode(TEXT, bytes));
        all.add(
            Utf8Sequences.valid(bytes)
                ? well(number, chops, answer(TEXT, bytes))
                : fails(number, 1007, chops));
      }
    }
  }

  /// A text in three parts with pauses between them.
  private static List<byte[]> slowly(byte[] text, int first, int second, boolean frames) {
    if (frames) {
      return framewise(
          encode(TEXT_PART, Arrays.copyOf(text, first)),
          PAUSE,
          encode(MORE, Arrays.copyOfRange(text, first, second)),
          PAUSE,
          encode(LAST, Arrays.copyOfRange(text, second, text.length)));
    }
    byte[] frame = encode(TEXT, text);
    int head = frame.length - text.length;
    return framewise(
        Arrays.copyOf(frame, head + first),
        PAUSE,
        Arrays.copyOfRange(frame, head + first, head + second),
        PAUSE,
        Arrays.copyOfRange(frame, head + second, frame.length));
  }

  private void closing() {
    Set<Integer> normal = Set.of(1000);
    byte[] close = close(1000, "");
    all.add(well("7.1.1", framewise(frame(TEXT, HELLO)), answer(TEXT, HELLO)));
    all.add(closes("7.1.2", normal, framewise(close, encode(CLOSE))));
    all.add(closes("7.1.3", normal, framewise(close, encode(PING))));
    all.add(closes("7.1.4", normal, framewise(close, frame(TEXT, HELLO))));
    all.add(closes("7.1.5", normal, framewise(frame(TEXT_PART, "1"), close, frame(LAST, "2"))));
    byte[] large = filled('*', 256 * 1024);
    // Whatever was still being echoed may be lost, says the suite; what comes is in order.
    all.add(
        new Conformance(
            "7.1.6",
            framewise(encode(TEXT, large), close, encode(PING)),
            List.of(answer(TEXT, large)),
            false,
            normal,
            false));
    all.add(closes("7.3.1", normal, framewise(encode(CLOSE))));
    all.add(fails("7.3.2", 1002, framewise(encode(CLOSE, (byte) 'a'))));
    all.add(closes("7.3.3", normal, framewise(close)));
    all.add(closes("7.3.4", normal, framewise(close(1000, "Hello World!"))));
    all.add(closes("7.3.5", normal, framewise(close(1000, "*".repeat(123)))));
    all.add(fails("7.3.6", 1002, framewise(close(1000, "*".repeat(124)))));
    byte[] wrong = HexFormat.of().parseHex("03e8cebae1bdb9cf83cebcceb5eda080656469746564");
    all.add(closes("7.5.1", Set.of(1002, 1007), framewise(encode(CLOSE, wrong))));
    int[] valid = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
    for (int i = 0; i < valid.length; i++) {
      all.add(closes("7.7." + (i + 1), codes(1000, valid[i]), framewise(close(valid[i], ""))));
    }
    int[] invalid = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
    for (int i = 0; i < invalid.length; i++) {
      all.add(fails("7.9." + (i + 1), 1002, framewise(close(invalid[i], ""))));
    }
    all.add(closes("7.13.1", Set.of(1000, 1002, 5000), framewise(close(5000, ""))));
    all.add(closes("7.13.2", Set.of(1000, 1002, 65_535), framewise(close(65_535, ""))));
  }

  private static Set<Integer> codes(int normal, int its) {
    return normal == its ? Set.of(normal) : Set.of(normal, its);
  }

  private static byte[] close(int code, String reason) {
    byte[] bytes = ("  " + reason).getBytes(UTF_8);
    bytes[0] = (byte) (code >> 8);
    bytes[1] = (byte) code;
    return encode(CLOSE, bytes);
  }

  private void limits() {
    int[] sizes = {64, 256, 1_024, 4_096, 8_192, 16_384};
    for (int kind : new int[] {TEXT, BINARY}) {
      int with = kind == TEXT ? '*' : 0xfe;
      int text = kind == TEXT ? 0 : 1;
      for (int i = 0; i < sizes.length; i++) {
        byte[] bytes = filled(with, sizes[i] * 1_024 / part);
        all.add(
            well(
                "9." + (1 + text) + "." + (i + 1),
                framewise(encode(kind, bytes)),
                answer(kind, bytes)));
      }
      byte[] four = filled(with, 4 * 1_024 * 1_024 / part);
      for (int i = 0; i < 9; i++) {
        int size = Math.max(1, (64 << (2 * i)) / part);
        all.add(
            well(
                "9." + (3 + text) + "." + (i + 1),
                List.of(together(fragments(kind, size, four))),
                answer(kind, four)));
      }
      byte[] one = filled(with, 1_024 * 1_024 / part);
      for (int i = 0; i < 6; i++) {
        all.add(
            well(
                "9." + (5 + text) + "." + (i + 1),
                chopped(64 << i, encode(kind, one)),
                answer(kind, one)));
      }
      int[] small = {0, 16, 64, 256, 1_024, 4_096};
      for (int i = 0; i < small.length; i++) {
        byte[] bytes = filled(with, small[i]);
        int count = 1_000 / part;
        byte[][] frames = new byte[count][];
        Frame[] answers = new Frame[count];
        Arrays.fill(frames, encode(kind, bytes));
        Arrays.fill(answers, answer(kind, bytes));
        all.add(well("9." + (7 + text) + "." + (i + 1), framewise(frames), answers));
      }
    }
  }
}
