package dev.dormouse.loadtest.hold;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// Lets a socket name its source address without taking a port of it for itself alone
/// (`IP_BIND_ADDRESS_NO_PORT` of Linux).
///
/// A port that was bound with its address is closed to every automatic choice on this machine, that
/// of other programs too; thousands of such sockets can leave others none. With this option the
/// kernel chooses the port when the socket connects, and connections to other servers may have the
/// same one.
///
/// Java has no name for the option, so this calls `setsockopt` by the descriptor, which the JDK
/// gives away only if it was started with `--add-opens java.base/sun.nio.ch=ALL-UNNAMED`.
final class LateBinding {
  private static final int IPPROTO_IP = 0;
  private static final int IP_BIND_ADDRESS_NO_PORT = 24;

  private final MethodHandle setsockopt;
  private final Method descriptor;
  private final MemorySegment on;

  private LateBinding(MethodHandle setsockopt, Method descriptor, MemorySegment on) {
    this.setsockopt = setsockopt;
    this.descriptor = descriptor;
    this.on = on;
  }

  /// Empty where it cannot be reached: not on Linux, or without the opening.
  @SuppressWarnings("restricted")
  static Optional<LateBinding> find() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    try {
      Method descriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      descriptor.setAccessible(true);
      Linker linker = Linker.nativeLinker();
      MethodHandle setsockopt =
          linker.downcallHandle(
              linker.defaultLookup().find("setsockopt").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      MemorySegment on = Arena.global().allocateFrom(ValueLayout.JAVA_INT, 1);
      return Optional.of(new LateBinding(setsockopt, descriptor, on));
    } catch (ReflectiveOperationException | RuntimeException _) {
      // The caller says what that means for others on the machine.
      return Optional.empty();
    }
  }

  /// To be called before the socket is bound.
  ///
  /// @throws IllegalStateException if the kernel does not know the option
  void allow(SocketChannel channel) {
    int result;
    try {
      int fd = (int) descriptor.invoke(channel);
      result = (int) setsockopt.invokeExact(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, on, 4);
    } catch (Throwable e) {
      throw new IllegalStateException("setsockopt cannot be called", e);
    }
    if (result != 0) {
      throw new IllegalStateException("the kernel does not know IP_BIND_ADDRESS_NO_PORT");
    }
  }
}
