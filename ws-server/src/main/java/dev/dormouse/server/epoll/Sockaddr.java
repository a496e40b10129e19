package dev.dormouse.server.epoll;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Addresses as the kernel writes them: `sockaddr_in` and `sockaddr_in6`.
final class Sockaddr {
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;

  private Sockaddr() {}

  /// The bytes of an address in a family, which must hold it.
  static byte[] encode(int family, InetAddress address, int port) {
    ByteBuffer bytes = ByteBuffer.allocate(family == Libc.AF_INET ? IPV4_BYTES : IPV6_BYTES);
    bytes.order(ByteOrder.nativeOrder()).putShort((short) family);
    bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    switch (address) {
      case Inet4Address four when family == Libc.AF_INET -> bytes.put(four.getAddress());
      case Inet6Address six -> {
        bytes.putInt(0).put(six.getAddress());
        bytes.order(ByteOrder.nativeOrder()).putInt(six.getScopeId());
      }
      default -> {
        // Any address of IPv4 is any address of IPv6, all zeros.
      }
    }
    return bytes.array();
  }

  /// The address of a socket; null if it has none any more.
  static @Nullable InetSocketAddress of(int fd, boolean peer) {
    byte[] raw = new byte[IPV6_BYTES];
    return Libc.name(fd, peer, raw) < 0 ? null : decode(raw);
  }

  static @Nullable InetSocketAddress decode(byte[] raw) {
    ByteBuffer bytes = ByteBuffer.wrap(raw);
    int family = bytes.order(ByteOrder.nativeOrder()).getShort();
    int port = bytes.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
    try {
      if (family == Libc.AF_INET) {
        byte[] four = new byte[4];
        bytes.get(four);
        return new InetSocketAddress(InetAddress.getByAddress(four), port);
      }
      if (family == Libc.AF_INET6) {
        byte[] six = new byte[16];
        bytes.getInt();
        bytes.get(six);
        int scope = bytes.order(ByteOrder.nativeOrder()).getInt();
        InetAddress address = InetAddress.getByAddress(six);
        if (scope != 0 && address instanceof Inet6Address) {
          address = Inet6Address.getByAddress(null, six, scope);
        }
        return new InetSocketAddress(address, port);
      }
      return null;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }
}
