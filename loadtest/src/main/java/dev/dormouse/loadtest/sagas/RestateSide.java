package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Http;
import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.ServerProcess;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Restate's server with its defaults, and beside it the process that runs our services on its SDK
/// for Node. A client calls the saga over HTTP and is answered when it has ended; objects are
/// virtual objects.
final class RestateSide implements Side {
  private final String version;
  private final ServerProcess services;
  private final ServerProcess server;
  private final URI ingress;
  private final Ask ask;

  private RestateSide(String version, ServerProcess services, ServerProcess server, URI ingress)
      throws IOException {
    this.version = version;
    this.services = services;
    this.server = server;
    this.ingress = ingress;
    this.ask = Ask.at(ingress);
  }

  static RestateSide start(RestatePackage found, Path work) throws IOException {
    URI address = ServerProcess.freeAddress();
    ServerProcess services =
        ServerProcess.start(
            List.of(
                "env",
                "PORT=" + address.getPort(),
                "NODE_ENV=production",
                "RESTATE_LOGGING=ERROR",
                found.node().toString(),
                found.folder().resolve("services.js").toString()),
            address,
            work.resolve("services-" + address.getPort()),
            work.resolve("services.log"),
            RestateSide::listens);
    try {
      return start(found, work, services);
    } catch (IOException | RuntimeException e) {
      services.close();
      throw e;
    }
  }

  private static RestateSide start(RestatePackage found, Path work, ServerProcess services)
      throws IOException {
    URI ingress = ServerProcess.freeAddress();
    URI admin = ServerProcess.freeAddress();
    URI node = ServerProcess.freeAddress();
    Path data = work.resolve("restate-" + ingress.getPort());
    Path settings = work.resolve("restate.toml");
    Files.writeString(settings, settings(ingress, admin));
    ServerProcess server =
        ServerProcess.start(
            List.of(
                found.server().toString(),
                "--config-file=" + settings,
                "--base-dir=" + data,
                "--bind-port=" + node.getPort(),
                "--listen-mode=tcp",
                "--no-logo"),
            admin,
            data,
            work.resolve("restate.log"),
            RestateSide::isHealthy);
    try (Ask register = Ask.at(admin)) {
      register.post("/deployments", Json.write(Map.of("uri", services.address().toString())));
      return new RestateSide(found.version(), services, server, ingress);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Where it listens, and that it tells nobody; all else is its default.
  private static String settings(URI ingress, URI admin) {
    return """
    disable-telemetry = true
    bind-ip = "127.0.0.1"
    [ingress]
    bind-port = %d
    [admin]
    bind-port = %d
    """
        .formatted(ingress.getPort(), admin.getPort());
  }

  /// It speaks HTTP/2 only.
  private static boolean listens(URI address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), 1_000);
      return true;
    }
  }

  private static boolean isHealthy(URI admin) throws IOException {
    Http.get(admin, "/health");
    return true;
  }

  @Override
  public String name() {
    return "Restate " + version;
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(server.handle(), services.handle());
  }

  @Override
  public List<ProcessHandle> services() {
    return List.of(services.handle());
  }

  @Override
  public Caller caller(int number) throws IOException {
    Ask own = Ask.at(ingress);
    return new Caller() {
      @Override
      public boolean run(Order order) throws IOException {
        String said =
            own.post(
                "/Saga/run",
                "{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\",\"refused\":%b}"
                    .formatted(order.a(), order.b(), order.c(), order.refused()));
        return switch (said) {
          case "\"COMPLETED\"" -> true;
          case "\"COMPENSATED\"" -> false;
          default -> throw new WireException("a saga was answered '" + said + "'");
        };
      }

      @Override
      public void close() throws IOException {
        own.close();
      }
    };
  }

  @Override
  public Counts counts(String object) throws IOException {
    return Counts.of(ask.post("/Thing/" + object + "/counts", ""));
  }

  @Override
  public Work work() {
    return Work.UNKNOWN;
  }

  @Override
  public void close() throws IOException {
    ask.close();
    server.close();
    services.close();
  }
}
