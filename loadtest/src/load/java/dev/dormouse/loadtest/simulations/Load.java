package dev.dormouse.loadtest.simulations;

import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a run is to be like, from system properties (`-Dusers=500`).
///
/// @param servers where the servers listen; users choose theirs by their room
/// @param bench the servers' bench ports
/// @param users how many
/// @param together how many of them share a room
/// @param period between two actions of one user
/// @param ramp in which all users come
/// @param time for which a user works
/// @param idle longer than rooms stay awake
/// @param patience how long an answer may take
/// @param p99 the most that 99 percent of the answers may take
/// @param out gets a line of JSON a second
/// @param run part of the rooms' names, so that no run meets another's rooms
record Load(
    List<URI> servers,
    List<URI> bench,
    int users,
    int together,
    Duration period,
    Duration ramp,
    Duration time,
    Duration idle,
    Duration patience,
    Duration p99,
    Optional<Path> out,
    String run) {
  private static final int BUFFERED = 10_000;

  static Load fromProperties() {
    return new Load(
        addresses("servers", "http://127.0.0.1:8420"),
        addresses("bench", "http://127.0.0.1:8421"),
        Integer.getInteger("users", 100),
        Integer.getInteger("together", 4),
        seconds("period", 10),
        seconds("ramp", 10),
        seconds("seconds", 60),
        seconds("idle", 13),
        seconds("patience", 10),
        Duration.ofMillis(Long.getLong("p99", 1_000)),
        Optional.ofNullable(System.getProperty("out")).map(Path::of),
        System.getProperty("run", Long.toString(System.currentTimeMillis(), 36)));
  }

  private static Duration seconds(String name, double usual) {
    String given = System.getProperty(name);
    return Duration.ofMillis(
        Math.round(1_000 * (given == null ? usual : Double.parseDouble(given))));
  }

  private static List<URI> addresses(String name, String usual) {
    return Arrays.stream(System.getProperty(name, usual).split(",", -1)).map(URI::create).toList();
  }

  /// The address of a room, on the server that has it.
  String room(String namespace, String kind, long number) {
    return at(servers, number, "/%s/%s-%s-%d".formatted(namespace, kind, run, number));
  }

  /// The address of a bench room, on the server that has it.
  String benchRoom(String kind, long number) {
    return at(bench, number, "/ws/%s-%s-%d".formatted(kind, run, number));
  }

  private static String at(List<URI> servers, long number, String path) {
    URI server = servers.get((int) (number % servers.size()));
    return "ws://" + server.getAuthority() + path;
  }

  /// Without any contact that the simulation does not make itself.
  HttpProtocolBuilder protocol() {
    return http.disableWarmUp()
        .disableCaching()
        .disableUrlEncoding()
        .wsUnmatchedInboundMessageBufferSize(BUFFERED);
  }
}
