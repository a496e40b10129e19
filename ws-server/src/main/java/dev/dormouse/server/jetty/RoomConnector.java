package dev.dormouse.server.jetty;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts and reads sockets. What one wake-up of a selector brought is read as a whole before the
/// rooms run that it was for, so that each connection they write to is flushed once.
final class RoomConnector extends ServerConnector {
  private static final Logger LOG = LoggerFactory.getLogger(RoomConnector.class);

  private final Reading rooms;

  /// @param selectors how many threads read
  RoomConnector(Server server, Reading rooms, int selectors, ConnectionFactory http) {
    super(
        server, new ReadingExecutor(server.getThreadPool(), rooms), null, null, 1, selectors, http);
    this.rooms = rooms;
    setAcceptedTcpNoDelay(true);
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new ServerConnectorManager(executor, scheduler, selectors) {
      @Override
      protected ManagedSelector newSelector(int id) {
        return new GatheringSelector(this, id);
      }
    };
  }

  /// Runs ready rooms when all that was selected has been read, before it waits for more.
  private final class GatheringSelector extends ManagedSelector {
    GatheringSelector(SelectorManager selectors, int id) {
      super(selectors, id);
    }

    @Override
    protected int nioSelect(Selector selector, boolean now) throws IOException {
      try {
        rooms.runReady();
      } catch (RuntimeException | Error e) {
        // Thrown on, Jetty would take the selector for broken and close its sockets.
        LOG.error("running rooms on a reading thread failed", e);
      }
      return super.nioSelect(selector, now);
    }
  }
}
