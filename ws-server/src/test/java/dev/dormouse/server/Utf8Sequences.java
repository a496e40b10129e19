package dev.dormouse.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/// The byte sequences of the Autobahn cases 6.5 to 6.23, which are those of Markus Kuhn's UTF-8
/// stress test. Whether one is UTF-8 is for the JDK's decoder to say, not for ours.
final class Utf8Sequences {
  private static final String GREEK = "cebae1bdb9cf83cebcceb5";

  private Utf8Sequences() {}

  /// By the second number of the case: the first list is that of 6.5.
  static List<List<byte[]>> all() {
    List<List<byte[]>> all = new ArrayList<>();
    all.add(
        bytes(
            "68656c6c6f24776f726c64",
            "68656c6c6fc2a2776f726c64",
            "68656c6c6fe282ac776f726c64",
            "68656c6c6ff0a4ada2776f726c64",
            GREEK));
    all.add(
        bytes(
            IntStream.rangeClosed(1, GREEK.length() / 2)
                .mapToObj(i -> GREEK.substring(0, 2 * i))
                .toArray(String[]::new)));
    all.add(bytes("00", "c280", "e0a080", "f0908080"));
    all.add(bytes("f888808080", "fc8480808080"));
    all.add(bytes("7f", "dfbf", "efbfbf", "f48fbfbf"));
    all.add(bytes("f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"));
    all.add(bytes("ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080"));
    all.add(
        bytes(
            "80",
            "bf",
            "80bf",
            "80bf80",
            "80bf80bf",
            "80bf80bf80",
            "80bf80bf80bf",
            run(0x80, 0xbf, "")));
    all.add(
        bytes(
            run(0xc0, 0xdf, "20"),
            run(0xe0, 0xef, "20"),
            run(0xf0, 0xf7, "20"),
            run(0xf8, 0xfb, "20"),
            run(0xfc, 0xfd, "20")));
    String[] cut = {
      "c0", "e080", "f08080", "f8808080", "fc80808080",
      "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"
    };
    all.add(bytes(cut));
    all.add(bytes(String.join("", cut)));
    all.add(bytes("fe", "ff", "fefeffff"));
    all.add(bytes("c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"));
    all.add(bytes("c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"));
    all.add(bytes("c080", "e08080", "f0808080", "f880808080", "fc8080808080"));
    all.add(bytes("eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"));
    all.add(
        bytes(
            "eda080edb080",
            "eda080edbfbf",
            "edadbfedb080",
            "edadbfedbfbf",
            "edae80edb080",
            "edae80edbfbf",
            "edafbfedb080",
            "edafbfedbfbf"));
    all.add(bytes(nobody()));
    all.add(bytes("efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf"));
    return all;
  }

  /// The code points that are nobody's character: the last two of each plane.
  private static String[] nobody() {
    return IntStream.rangeClosed(0, 16)
        .flatMap(plane -> IntStream.of(plane << 16 | 0xfffe, plane << 16 | 0xffff))
        .mapToObj(Character::toString)
        .map(text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)))
        .toArray(String[]::new);
  }

  private static String run(int from, int to, String behind) {
    StringBuilder hex = new StringBuilder();
    for (int i = from; i < to; i++) {
      hex.append("%02x%s".formatted(i, behind));
    }
    return hex.toString();
  }

  private static List<byte[]> bytes(String... hex) {
    return List.of(hex).stream().map(HexFormat.of()::parseHex).toList();
  }

  static boolean valid(byte[] bytes) {
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
