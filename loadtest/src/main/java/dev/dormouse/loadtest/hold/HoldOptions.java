package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Arguments;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The command line of one holder, taken apart.
///
/// @param server its bench port
/// @param connections how many, numbered from `first`
/// @param first so that several holders need not share rooms
/// @param prefix what the rooms' names begin with
/// @param perRoom how many connections share a room
/// @param sources empty to take what suits the target
/// @param rate connections begun a second
/// @param halfOpen how many may be on their way
/// @param wake percent of the open connections a minute, once all are open
/// @param patience how long an answer may take before it counts as lost
/// @param duration of the whole
/// @param led whether orders are read from the standard input
record HoldOptions(
    URI server,
    int connections,
    int first,
    String prefix,
    int perRoom,
    Optional<Sources> sources,
    double rate,
    int halfOpen,
    double wake,
    Duration patience,
    Duration duration,
    boolean led) {
  static final String USAGE =
      """
      usage: loadtest/hold --port <port> [options]        a bench port on this machine
             loadtest/hold --target <url> [options]       a bench port elsewhere

        --connections <n>  how many WebSockets; 1000, at most what ulimit -Hn allows
        --first <n>        number of the first one; 0
        --rooms <prefix>   what the rooms' names begin with; r
        --per-room <n>     connections that share a room; 10
        --rate <n>         connections begun a second; 500
        --half-open <n>    connections that may be on their way; 40
        --wake <percent>   of the open connections, each minute, once all are open; 0
        --patience <n>     seconds until an answer counts as lost; 10
        --duration <n>     seconds until it ends by itself; 600
        --sources <a>[-<b>]  IPv4 addresses to come from, or none for what the system chooses;
                           on loopback one from 127.0.0.2 for each 10,000, elsewhere none
        --led              takes orders from the standard input, a line each: wake <percent>, stop;
                           its end is an order to stop
        --help

      Writes a line of JSON a second: how many are open, opening, refused, closed by the server;
      sent, answered, late, wrong; percentiles in microseconds from the planned time to the answer.
      Needs a server that is there already (./dormouse serve --bench <port>); leaves nothing. Ends
      with 1 if anything was lost.
      """;

  private static final int DAY = 86_400;

  /// @throws Arguments.Misunderstood if there is something else in it than [#USAGE] says
  static HoldOptions parse(List<String> arguments) {
    Optional<URI> server = Optional.empty();
    int connections = 1_000;
    int first = 0;
    String prefix = "r";
    int perRoom = 10;
    Optional<Sources> sources = Optional.empty();
    double rate = 500;
    int halfOpen = 40;
    double wake = 0;
    Duration patience = Duration.ofSeconds(10);
    Duration duration = Duration.ofMinutes(10);
    boolean led = false;
    Arguments left = new Arguments(arguments);
    while (!left.isEmpty()) {
      String option = left.next();
      switch (option) {
        case "--port" ->
            server = Optional.of(URI.create("http://127.0.0.1:" + left.count(option, 1, 65_535)));
        case "--target" -> server = Optional.of(left.address(option));
        case "--connections" -> connections = left.count(option);
        case "--first" -> first = left.count(option, 0, Integer.MAX_VALUE);
        case "--rooms" -> prefix = left.value(option);
        case "--per-room" -> perRoom = left.count(option);
        case "--rate" -> rate = left.decimal(option, 0.01, 100_000);
        case "--half-open" -> halfOpen = left.count(option);
        case "--wake" -> wake = left.decimal(option, 0, 6_000);
        case "--patience" -> patience = left.seconds(option, 600);
        case "--duration" -> duration = left.seconds(option, DAY);
        case "--sources" -> sources = Optional.of(Sources.parse(left.value(option)));
        case "--led" -> led = true;
        default -> throw new Arguments.Misunderstood("there is no option '" + option + "'");
      }
    }
    if (server.isEmpty()) {
      throw new Arguments.Misunderstood("where is the server? --port or --target says it");
    }
    return new HoldOptions(
        server.get(),
        connections,
        first,
        prefix,
        perRoom,
        sources,
        rate,
        halfOpen,
        wake,
        patience,
        duration,
        led);
  }

  /// The path of connection `number` of this holder, from 0.
  String path(int number) {
    return "/ws/" + prefix + (first + number) / perRoom;
  }
}
