package dev.dormouse.server;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.node.QueueClient;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.Holders;
import dev.dormouse.server.access.Revoked;
import dev.dormouse.server.http.BenchDoor;
import dev.dormouse.server.http.Doorkeeper;
import dev.dormouse.server.http.Doors;
import dev.dormouse.server.http.Forwarded;
import dev.dormouse.server.http.FrontDoor;
import dev.dormouse.server.http.JsonErrors;
import dev.dormouse.server.http.PageShelf;
import dev.dormouse.server.http.Probes;
import dev.dormouse.server.http.QueueDoor;
import dev.dormouse.server.http.RoomDoor;
import dev.dormouse.server.http.Threshold;
import dev.dormouse.server.http.Toll;
import dev.dormouse.server.http.Trust;
import dev.dormouse.server.jetty.Handshake;
import dev.dormouse.server.jetty.Reading;
import dev.dormouse.server.jetty.SocketLimits;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.jetty.Transport;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Networks;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.limits.Users;
import dev.dormouse.server.parking.ParkingConnector;
import dev.dormouse.server.tls.Certificates;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The network side of a server: Jetty, its ports and its doors.
final class Front {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /// Threads that only ever read, parse and hand over; rooms have their own.
  private static final int THREADS = 64;

  /// In how many steps a stop closes its sockets, and how long each lasts: not all clients should
  /// come back in one instant.
  private static final int STAGES = 20;

  private static final Duration STAGE = Duration.ofMillis(50);
  private static final Duration TICK = Duration.ofMillis(10);

  private static final String LOOPBACK = "127.0.0.1";

  private final ServerSettings settings;
  private final SocketTable sockets;
  private final Execution execution;
  private final Server jetty;
  private final Transport transport;
  private final Optional<Certificates> certificates;
  private final Gate gate;

  /// How long a WebSocket is idle before it is parked.
  private final Duration park;

  private final AbstractNetworkConnector main;
  private final @Nullable AbstractNetworkConnector bench;
  private final @Nullable AbstractNetworkConnector admin;

  Front(
      ServerSettings settings,
      List<Namespace> namespaces,
      RoomNode node,
      QueueClient queues,
      SocketTable sockets,
      Execution execution,
      Probes probes,
      Optional<? extends Request.Handler> adminDoor,
      Turnstile turnstile,
      Gate gate,
      Holders holders,
      Users users,
      Optional<Certificates> certificates,
      Metering metering,
      Burden burden,
      Subjects subjects,
      Duration park) {
    this.settings = settings;
    this.certificates = certificates;
    this.gate = gate;
    this.transport = transport(settings);
    this.park = park;
    this.sockets = sockets;
    this.execution = execution;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("front");
    threads.setDetailedDump(false);
    jetty = new Server(threads);
    jetty.setErrorHandler(new JsonErrors());

    Reading reading =
        new Reading() {
          @Override
          public void reading(Runnable body) {
            node.reading(body);
          }

          @Override
          public void runReady() {
            node.runReady();
          }
        };
    SocketLimits limits =
        new SocketLimits(
            settings.number(Setting.OUTBOUND), settings.seconds(Setting.CLOSING), metering, burden);
    Handshake handshake =
        new Handshake(
            sockets,
            limits,
            execution,
            WebSocketServerComponents.ensureWebSocketComponents(jetty),
            subjects);
    RoomDoor rooms = new RoomDoor(node.rooms(), sockets, execution);
    Trust trust =
        new Trust(
            !gate.asks() || isLoopback(settings.text(Setting.HOST)),
            Set.copyOf(settings.list(Setting.HOSTS)),
            Set.copyOf(settings.list(Setting.ORIGIN)));

    Map<Connector, Request.Handler> doors = new HashMap<>();
    main =
        connector(
            transport,
            reading,
            turnstile,
            settings.text(Setting.HOST),
            settings.number(Setting.PORT),
            certificates,
            Bounds.trustedProxies(settings));
    Toll toll = new Toll(metering, subjects, burden);
    Doorkeeper doorkeeper = new Doorkeeper(gate, execution, toll);
    QueueDoor queueDoor = new QueueDoor(queues, trust, doorkeeper, execution);
    doors.put(
        main,
        new FrontDoor(
            trust,
            doorkeeper,
            new Threshold(trust, rooms, doorkeeper, holders, users, sockets, handshake),
            rooms,
            queueDoor,
            probes,
            PageShelf.of(namespaces)));
    bench = loopbackConnector(transport, reading, turnstile, Setting.BENCH);
    if (bench != null) {
      Doorkeeper nobody = new Doorkeeper(Gate.open(), execution, toll);
      doors.put(
          bench,
          new BenchDoor(
              rooms,
              new Threshold(
                  Trust.ownPagesOnly(), rooms, nobody, holders, users, sockets, handshake),
              node::alarmsRung));
    }
    // Whose sockets are never idle for long, and whose address is looked at after the start. An
    // operator gets in whatever the clients do.
    Turnstile open = new Turnstile(Limits.none(), execution);
    admin =
        adminDoor.isPresent()
            ? loopbackConnector(Transport.NIO, reading, open, Setting.ADMIN)
            : null;
    if (admin != null) {
      doors.put(admin, adminDoor.orElseThrow());
    }
    jetty.setHandler(new Doors(doors, main, toll));
  }

  /// A further port, if `setting` asks for one.
  private @Nullable AbstractNetworkConnector loopbackConnector(
      Transport by, Reading reading, Turnstile at, Setting setting) {
    OptionalInt port = settings.port(setting);
    return port.isPresent()
        ? connector(by, reading, at, LOOPBACK, port.getAsInt(), Optional.empty(), Networks.NONE)
        : null;
  }

  private static Transport transport(ServerSettings settings) {
    String word = settings.word(Setting.TRANSPORT, "auto", "epoll", "nio");
    try {
      // For tests of all kinds: what is otherwise left to the machine.
      return Transport.choose(
          word.equals(Setting.TRANSPORT.byDefault())
              ? System.getProperty("dormouse.transport", word)
              : word);
    } catch (IllegalStateException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private AbstractNetworkConnector connector(
      Transport by,
      Reading reading,
      Turnstile at,
      String host,
      int port,
      Optional<Certificates> secure,
      Networks trusted) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.number(Setting.HEADERS));
    // Any text can be a room's name, so the doors read the raw path themselves, and strictly.
    http.setUriCompliance(UriCompliance.UNSAFE);
    if (!trusted.isEmpty()) {
      http.addCustomizer(new Forwarded(trusted));
    }
    AbstractNetworkConnector connector =
        by.connector(
            jetty, reading, at, settings.number(Setting.SELECTORS), park, factories(http, secure));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(settings.seconds(Setting.IDLE).toMillis());
    jetty.addConnector(connector);
    return connector;
  }

  /// HTTP, and TLS before it where there is a certificate.
  private static ConnectionFactory[] factories(
      HttpConfiguration http, Optional<Certificates> secure) {
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    if (secure.isEmpty()) {
      return new ConnectionFactory[] {plain};
    }
    // Names are checked by `hosts`, not against the certificate.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(secure.get().context(), plain.getProtocol()), plain
    };
  }

  /// Whether only this machine reaches what is bound to `host`.
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new StartException("the host '" + host + "' is not known here", e);
    }
  }

  /// Opens the ports.
  ///
  /// @throws StartException if a port cannot be had; says who has it where that can be seen
  void start() {
    try {
      jetty.start();
      certificates.ifPresent(Certificates::watch);
      requireLoopback(admin);
      transport.log();
    } catch (StartException e) {
      stopJetty();
      throw e;
    } catch (Exception e) {
      stopJetty();
      throw refused(e);
    }
  }

  /// The admin port is for this machine: better no server than one that others reach.
  private static void requireLoopback(@Nullable AbstractNetworkConnector admin) throws IOException {
    boolean safe =
        admin == null
            || (admin.getTransport() instanceof ServerSocketChannel channel
                && channel.getLocalAddress() instanceof InetSocketAddress bound
                && bound.getAddress().isLoopbackAddress());
    if (!safe) {
      throw new StartException("the admin port is not on loopback; the server does not start so");
    }
  }

  private StartException refused(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new StartException(taken(settings, cause), failure);
      }
    }
    return new StartException(
        "the server's ports cannot be opened: " + failure.getMessage(), failure);
  }

  private static String taken(ServerSettings settings, Throwable cause) {
    for (Setting setting : List.of(Setting.PORT, Setting.BENCH, Setting.ADMIN)) {
      int port = settings.port(setting).orElse(0);
      if (port != 0) {
        var holder = PortHolder.find(port);
        if (holder.isPresent()) {
          return "port %d is taken by %s; stop it, or choose another port with --%s"
              .formatted(port, holder.get(), setting.key());
        }
      }
    }
    return "%s port %s cannot be opened: %s; choose another with --port"
        .formatted(settings.text(Setting.HOST), settings.text(Setting.PORT), cause.getMessage());
  }

  int port() {
    return main.getLocalPort();
  }

  /// The port of the bench room's paths; -1 if there is none.
  int benchPort() {
    return bench == null ? -1 : bench.getLocalPort();
  }

  /// The port of the inspector; -1 if there is none.
  int adminPort() {
    return admin == null ? -1 : admin.getLocalPort();
  }

  /// How sockets are read.
  Transport transport() {
    return transport;
  }

  /// How many connections are parked now.
  int parked() {
    return parking().mapToInt(ParkingConnector::parked).sum();
  }

  /// How often parked connections have come back.
  long wakes() {
    return parking().mapToLong(ParkingConnector::wakes).sum();
  }

  private Stream<ParkingConnector> parking() {
    return Stream.of(jetty.getConnectors())
        .filter(ParkingConnector.class::isInstance)
        .map(ParkingConnector.class::cast);
  }

  /// Takes no new sockets; those that are open stay.
  void stopAccepting() {
    for (Connector connector : jetty.getConnectors()) {
      if (connector instanceof NetworkConnector open) {
        open.close();
      }
    }
  }

  /// Declines who still waits, closes every socket with word to come back, and ends (H5).
  void stop() {
    sockets.silence(new RoomException.GoingAway("the server is stopping, come back"));
    CloseStatus goodbye = CloseStatus.of(CloseCode.GOING_AWAY);
    List<ClientSocket> open = sockets.everySocket();
    int step = Math.max(500, (open.size() + STAGES - 1) / STAGES);
    for (int i = 0; i < open.size(); i++) {
      if (i > 0 && i % step == 0) {
        pause(STAGE);
      }
      open.get(i).shut(goodbye);
    }
    long until = execution.nanoTime() + settings.seconds(Setting.CLOSING).toNanos();
    while (sockets.sockets() > 0 && execution.nanoTime() < until) {
      pause(TICK);
    }
    stopJetty();
  }

  private void stopJetty() {
    certificates.ifPresent(Certificates::stop);
    gate.revoked().ifPresent(Revoked::stop);
    try {
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("the front did not stop in good order", e);
    }
  }

  private void pause(Duration time) {
    try {
      execution.signal().await(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
