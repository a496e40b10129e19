package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The servers that are up for the whole run. Closing it stops those that were started for it.
final class Field implements AutoCloseable {
  private final List<Player> players = new ArrayList<>();
  private final List<ServerProcess> started = new ArrayList<>();

  private Field() {}

  /// A server that is up.
  ///
  /// @param process whose CPU is measured; empty if it is not known
  record Player(String name, URI address, Optional<ProcessHandle> process) {}

  /// @throws StartException if one cannot be started; the others are stopped then
  static Field open(List<Contender> contenders) throws IOException {
    Field field = new Field();
    try {
      for (Contender contender : contenders) {
        field.players.add(field.player(contender));
      }
      return field;
    } catch (IOException | RuntimeException e) {
      field.close();
      throw e;
    }
  }

  private Player player(Contender contender) throws IOException {
    return switch (contender) {
      case Contender.Given(String name, URI address, Optional<ProcessHandle> process) ->
          new Player(name, address, process);
      case Contender.Started(String name, Contender.Launch launch) -> {
        ServerProcess server = launch.start();
        started.add(server);
        yield new Player(name, server.address(), Optional.of(server.handle()));
      }
    };
  }

  List<Player> players() {
    return players;
  }

  @Override
  public void close() {
    started.forEach(ServerProcess::close);
  }
}
