package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Some addresses: single ones, such as `10.0.0.7`, and whole networks, such as `10.0.0.0/8`.
public final class Networks {
  public static final Networks NONE = new Networks(List.of());

  private final List<Network> all;

  /// @param bits how many of the address's first bits count
  private record Network(byte[] address, int bits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int i = 0; i < bits; i += Byte.SIZE) {
        int mask = 0xff;
        if (bits - i < Byte.SIZE) {
          mask = (0xff << (Byte.SIZE - (bits - i))) & 0xff;
        }
        if (((address[i / Byte.SIZE] ^ other[i / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private Networks(List<Network> all) {
    this.all = all;
  }

  /// Reads a list of them; no name is ever looked up.
  ///
  /// @throws IllegalArgumentException if one is neither; says which
  public static Networks of(List<String> texts) {
    List<Network> all = new ArrayList<>();
    for (String text : texts) {
      int slash = text.indexOf('/');
      try {
        byte[] address =
            InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
        int whole = address.length * Byte.SIZE;
        int bits = slash < 0 ? whole : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > whole) {
          throw new IllegalArgumentException("there are 0 to " + whole + " bits");
        }
        all.add(new Network(address, bits));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is neither an address nor a network such as 10.0.0.0/8", e);
      }
    }
    return new Networks(List.copyOf(all));
  }

  /// These and others.
  public Networks with(Networks more) {
    return new Networks(Stream.concat(all.stream(), more.all.stream()).toList());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// Whether it is one of these, or in one of them.
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Network each : all) {
      if (each.contains(bytes)) {
        return true;
      }
    }
    return false;
  }
}
