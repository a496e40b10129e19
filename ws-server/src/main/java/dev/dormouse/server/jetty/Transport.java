package dev.dormouse.server.jetty;

import dev.dormouse.server.epoll.EpollConnector;
import dev.dormouse.server.epoll.SelfCheck;
import dev.dormouse.server.limits.Turnstile;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How sockets are read: bare descriptors and epoll where that works, the JDK's channels elsewhere.
/// Idle connections are parked on both; what is left of one is smaller on the first.
public enum Transport {
  EPOLL,
  NIO;

  /// How many clients wait to be accepted before the kernel turns further ones away.
  private static final int QUEUE = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  /// Chooses.
  ///
  /// @param word `epoll` or `nio`; else whatever works best
  /// @throws IllegalStateException if epoll was asked for and does not work here; says why
  public static Transport choose(String word) {
    if (word.equals("nio")) {
      return NIO;
    }
    Optional<String> trouble = SelfCheck.trouble();
    if (trouble.isPresent() && word.equals("epoll")) {
      throw new IllegalStateException("epoll cannot be used: " + trouble.get());
    }
    return trouble.isPresent() ? NIO : EPOLL;
  }

  /// Says which it is, and if it is the second, why.
  public void log() {
    switch (this) {
      case EPOLL -> LOG.info("sockets are read through epoll");
      case NIO ->
          LOG.info(
              "sockets are read by the JDK's channels: {}",
              SelfCheck.trouble().orElse("as was asked for"));
    }
  }

  /// A connector that is not open yet. Each thread that reads runs rooms as [Reading] says.
  ///
  /// @param turnstile asked for each client
  /// @param readers how many threads read; 0 for a number that suits the machine
  /// @param park how long a WebSocket is idle before it is parked; zero for never
  /// @param http what the sockets speak, from the outside in
  public AbstractNetworkConnector connector(
      Server server,
      Reading rooms,
      Turnstile turnstile,
      int readers,
      Duration park,
      ConnectionFactory... http) {
    int threads =
        readers > 0 ? readers : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return switch (this) {
      case NIO -> {
        RoomConnector connector = new RoomConnector(server, rooms, turnstile, threads, park, http);
        connector.setAcceptQueueSize(QUEUE);
        yield connector;
      }
      case EPOLL ->
          new EpollConnector(
              server,
              new ReadingExecutor(server.getThreadPool(), rooms),
              rooms::runReady,
              turnstile,
              threads,
              QUEUE,
              park,
              http);
    };
  }
}
