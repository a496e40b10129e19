package dev.dormouse.server.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/// Addresses go to the kernel and come back.
class SockaddrTest {
  @Test
  void of_ipv4() throws Exception {
    InetAddress address = InetAddress.getByName("192.0.2.17");

    assertThat(Sockaddr.decode(Sockaddr.encode(Libc.AF_INET, address, 8420)))
        .isEqualTo(new InetSocketAddress(address, 8420));
  }

  @Test
  void of_ipv6() throws Exception {
    InetAddress address = InetAddress.getByName("2001:db8::17");

    assertThat(Sockaddr.decode(Sockaddr.encode(Libc.AF_INET6, address, 65_535)))
        .isEqualTo(new InetSocketAddress(address, 65_535));
  }

  @Test
  void any_address_of_ipv4_is_any_of_ipv6() throws Exception {
    byte[] bytes = Sockaddr.encode(Libc.AF_INET6, InetAddress.getByName("0.0.0.0"), 1);

    assertThat(Sockaddr.decode(bytes)).isEqualTo(new InetSocketAddress("::", 1));
  }

  @Test
  void of_ipv4_within_ipv6() {
    byte[] bytes = new byte[28];
    System.arraycopy(
        Sockaddr.encode(Libc.AF_INET6, InetAddress.getLoopbackAddress(), 1), 0, bytes, 0, 8);
    bytes[18] = -1;
    bytes[19] = -1;
    bytes[20] = (byte) 192;
    bytes[22] = 2;
    bytes[23] = 17;

    assertThat(Sockaddr.decode(bytes)).isEqualTo(new InetSocketAddress("192.0.2.17", 1));
  }
}
