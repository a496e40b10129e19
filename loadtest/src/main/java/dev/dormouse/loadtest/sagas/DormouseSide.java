package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Dormouse;
import dev.dormouse.loadtest.Http;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.ServerProcess;
import dev.dormouse.loadtest.WireException;
import dev.dormouse.loadtest.million.Scrape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Our server, started as anyone would. A client has a WebSocket into a room of its own, which owns
/// its sagas and tells it of their ends; objects are rooms.
final class DormouseSide implements Side {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ServerProcess server;
  private final URI front;
  private final Ask ask;

  private DormouseSide(ServerProcess server, URI front) throws IOException {
    this.server = server;
    this.front = front;
    this.ask = Ask.at(server.address());
  }

  /// @param data its folder, in which it may find what another has left
  static DormouseSide start(Path checkout, Path work, Path data) throws IOException {
    URI front = ServerProcess.freeAddress();
    URI bench = ServerProcess.freeAddress();
    List<String> command = Dormouse.serve(checkout, front.getPort(), bench, data);
    ServerProcess server = ServerProcess.start(command, bench, data, work.resolve("dormouse.log"));
    try {
      return new DormouseSide(server, front);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "Dormouse";
  }

  ServerProcess process() {
    return server;
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(server.handle());
  }

  @Override
  public List<ProcessHandle> services() {
    return List.of();
  }

  Talk talk(String room) throws IOException {
    return Talk.with(server.address(), "/sagas-ws/" + room);
  }

  @Override
  public Caller caller(int number) throws IOException {
    Talk talk = talk("o" + number);
    return new Caller() {
      @Override
      public boolean run(Order order) throws IOException {
        talk.say(
            "run %s %s %s %s %s"
                .formatted(
                    order.id(), order.a(), order.b(), order.c(), order.refused() ? "no" : "ok"));
        String told = talk.hear();
        if (told.equals(order.id() + " COMPLETED")) {
          return true;
        }
        if (told.equals(order.id() + " COMPENSATED")) {
          return false;
        }
        throw new WireException("the saga " + order.id() + " was told as '" + told + "'");
      }

      @Override
      public void close() throws IOException {
        talk.close();
      }
    };
  }

  @Override
  public Counts counts(String object) throws IOException {
    return Counts.of(info(object));
  }

  /// For paths of the bench contract, by the thread that uses this side.
  Ask asking() {
    return ask;
  }

  /// Blocks until so many alarms have rung since the server started, all of them durably.
  ///
  /// @return the seconds it took
  double untilRung(long alarms) throws IOException {
    long began = System.nanoTime();
    while (Long.parseLong(ask.get("/rung").strip()) < alarms) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new WireException("not all alarms have rung after " + PATIENCE);
      }
      Pause.of(Duration.ofMillis(5));
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /// What a room has counted, as JSON.
  String info(String room) throws IOException {
    return ask.get("/sagas/" + room);
  }

  /// What the server tells of itself.
  Scrape scrape() throws IOException {
    return Scrape.parse(Http.get(front, "/metrics"));
  }

  @Override
  public Work work() throws IOException {
    Scrape scrape = scrape();
    return new Work(
        scrape.sum("dormouse_store_batch_sets_sum", "").orElseThrow(),
        scrape.sum("dormouse_store_batch_sets_count", "").orElseThrow());
  }

  /// Ends it as `kill -9` does, and leaves its folder.
  void crash() throws IOException {
    ask.close();
    server.crash();
  }

  @Override
  public void close() throws IOException {
    ask.close();
    server.close();
  }
}
