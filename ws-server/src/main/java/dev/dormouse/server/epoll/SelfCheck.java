package dev.dormouse.server.epoll;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Tries out whether this machine has what [EpollConnector] needs.
public final class SelfCheck {
  private static final Set<String> MACHINES = Set.of("amd64", "aarch64");

  private SelfCheck() {}

  /// What is missing, as the end of a sentence; empty if all is there.
  public static Optional<String> trouble() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    if (!system.equals("linux") || !MACHINES.contains(machine)) {
      return Optional.of("this is " + system + " on " + machine);
    }
    if (!SelfCheck.class.getModule().isNativeAccessEnabled()) {
      return Optional.of("Java runs without --enable-native-access=ALL-UNNAMED");
    }
    try {
      return rings() ? Optional.empty() : Optional.of("events do not come back as registered");
    } catch (IOException | RuntimeException | LinkageError e) {
      return Optional.of("system calls cannot be made: " + e);
    }
  }

  /// Registers a descriptor that is readable and waits for its event.
  private static boolean rings() throws IOException {
    long word = 0x1234_5678_9abc_def0L;
    int epoll = Libc.epollCreate();
    int bell = Libc.eventfd();
    try (Arena arena = Arena.ofConfined()) {
      if (epoll < 0 || bell < 0) {
        throw Errno.failure("epoll_create1", Math.min(epoll, bell));
      }
      var _ = Libc.ring(bell);
      var _ = Libc.epollCtl(epoll, Events.ADD, bell, Events.of(Events.IN, word));
      Events events = new Events(arena, 2);
      return events.await(epoll, 0) == 1
          && events.word(0) == word
          && events.bits(0) == Events.IN
          && Libc.take(bell) == Long.BYTES
          && events.await(epoll, 0) == 0;
    } finally {
      var _ = Libc.close(epoll);
      var _ = Libc.close(bell);
    }
  }
}
