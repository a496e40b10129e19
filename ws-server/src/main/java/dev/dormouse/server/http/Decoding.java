package dev.dormouse.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Percent-decoding of addresses and queries, strict: what is not well-formed UTF-8 is refused with
/// 400, never mended, since two addresses must not come to mean one room by accident.
final class Decoding {
  private Decoding() {}

  /// Decodes a part of a path. A plus sign stands for itself.
  static String path(String raw) {
    return decode(raw, false);
  }

  /// Decodes a query as HTML forms write it: a plus sign is a space.
  static Map<String, List<String>> query(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
        query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
    }
    return query;
  }

  private static String decode(String raw, boolean form) {
    if (raw.indexOf('%') < 0 && (!form || raw.indexOf('+') < 0)) {
      return wellFormed(raw);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '%') {
        int high = hex(raw, i + 1);
        int low = hex(raw, i + 2);
        if (high < 0 || low < 0) {
          throw bad("'%' is followed by two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 3;
      } else if (c == '+' && form) {
        bytes.write(' ');
        i++;
      } else {
        int point = raw.codePointAt(i);
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(point);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      throw bad("the address is not UTF-8");
    }
  }

  private static int hex(String raw, int at) {
    // Character.digit takes the digits of every script.
    return at < raw.length() && raw.charAt(at) < 0x80 ? Character.digit(raw.charAt(at), 16) : -1;
  }

  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // U+FFFD is what a lenient decoder before us left of bytes that were no UTF-8.
      if (c == '\uFFFD' || (Character.isSurrogate(c) && !pairAt(text, i))) {
        throw bad("the address is not UTF-8");
      }
    }
    return text;
  }

  private static boolean pairAt(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static Problem.Found bad(String message) {
    return Problem.of(400, "bad-request", message).found();
  }
}
