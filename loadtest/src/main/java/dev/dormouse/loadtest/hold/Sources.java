package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Arguments;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The addresses that connections come from, taking turns. One address has one port for each
/// connection to the same server, 28,232 of them by Linux's default, so many connections need many
/// addresses.
///
/// @param addresses empty for the one that the system chooses
public record Sources(List<InetAddress> addresses) {
  /// Well below half of the 28,232: a connection gets one of the even ports as long as there is
  /// any, and when they run out Linux looks at all of them for each further connection, which takes
  /// milliseconds (`__inet_check_established` in a profile).
  public static final int PORTS_OF_ONE = 10_000;

  private static final int FIRST = 0x7f000002;
  private static final int MOST = 4_096;

  public Sources {
    addresses = List.copyOf(addresses);
  }

  /// As many loopback addresses, from 127.0.0.2, as `connections` to one server need. All of
  /// 127.0.0.0/8 is there on Linux without being set up.
  public static Sources onLoopback(int connections) {
    return range(FIRST, FIRST + Math.max(0, connections - 1) / PORTS_OF_ONE);
  }

  /// Reads `127.0.0.2` or `127.0.0.2-127.0.0.9`, or `none`.
  ///
  /// @throws Arguments.Misunderstood if it is neither, or more than 4,096 addresses
  public static Sources parse(String text) {
    if (text.equals("none")) {
      return new Sources(List.of());
    }
    String[] ends = text.split("-", -1);
    if (ends.length > 2) {
      throw wrong(text);
    }
    int first = number(ends[0], text);
    int last = number(ends[ends.length - 1], text);
    if (last < first || last - first >= MOST) {
      throw wrong(text);
    }
    return range(first, last);
  }

  /// The address of connection `number`; null for the one that the system chooses.
  @Nullable InetAddress of(int number) {
    return addresses.isEmpty() ? null : addresses.get(number % addresses.size());
  }

  private static Sources range(int first, int last) {
    List<InetAddress> addresses = new ArrayList<>();
    for (int one = first; one <= last; one++) {
      try {
        byte[] bytes = {
          (byte) (one >>> 24), (byte) (one >>> 16), (byte) (one >>> 8), (byte) one,
        };
        addresses.add(InetAddress.getByAddress(bytes));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    }
    return new Sources(addresses);
  }

  private static int number(String address, String text) {
    try {
      byte[] bytes = Inet4Address.ofLiteral(address.strip()).getAddress();
      int number = 0;
      for (byte one : bytes) {
        number = (number << 8) | (one & 0xff);
      }
      return number;
    } catch (IllegalArgumentException _) {
      throw wrong(text);
    }
  }

  private static Arguments.Misunderstood wrong(String text) {
    return new Arguments.Misunderstood(
        "--sources takes an IPv4 address, a range of up to 4096 such as 127.0.0.2-127.0.0.9, or"
            + " none, not '"
            + text
            + "'");
  }
}
