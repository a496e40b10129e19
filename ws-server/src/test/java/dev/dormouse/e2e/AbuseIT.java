package dev.dormouse.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server with a small heap, which ends at once if it runs out of it, among clients that do it
/// harm. Whatever they do, its threads and descriptors stay few, its memory is free again when they
/// are gone, and somebody who behaves is served meanwhile.
///
/// What single wrong frames and requests are answered is for `FramesIT`, `ConformanceIT` and
/// `BadRequestsIT`; readers that stop are `BackpressureIT`'s.
///
/// `-Ddormouse.abuse=…` has so many times as much of everything; `-Ddormouse.transport=…` says how
/// the server reads.
@Timeout(120)
class AbuseIT {
  private static final int TIMES = Integer.getInteger("dormouse.abuse", 1);
  private static final int HEAP_MIB = 96;
  private static final int THREADS = 130;
  private static final int MESSAGE = 1024 * 1024;

  /// An address of which not all are one client, as they are of loopback's first.
  private static final String STRANGER = "127.0.0.2";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // started before all
  private static ServerProcess server;

  private static int port;

  private final List<RawWebSocket> clients = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // moves in before each
  private Neighbour neighbour;

  private double descriptors;

  @BeforeAll
  static void start() throws Exception {
    server =
        ServerProcess.start(
            ServerPlan.in(folder)
                .runs(AbusedServer.class, ServerPlan.testClassPath())
                .options(List.of("-Xmx" + HEAP_MIB + "m", "-XX:+ExitOnOutOfMemoryError"))
                .flags("--transport", System.getProperty("dormouse.transport", "auto"))
                .flags("--proxies", "127.0.0.1", "--handshakes", "600", "--handshake", "2")
                .flags("--handshake-rate", "50", "--message-rate-per-address", "0")
                .flags("--awake-rooms", "2000", "--idle", "3", "--park", "1", "--closing", "1")
                .flags("--byte-rate-per-address", "0", "--message-rate-per-user", "0")
                .flags("--byte-rate-per-user", "0"));
    port = server.port();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void move_in() throws Exception {
    descriptors = figures().of("process_files_open_files");
    neighbour = new Neighbour(port);
  }

  @AfterEach
  void the_neighbour_was_served_and_nothing_is_left() throws Exception {
    try {
      neighbour.wasServed();
      assertThat(figures().of("jvm_threads_peak_threads")).as("threads").isLessThan(THREADS);
    } finally {
      for (RawWebSocket each : clients) {
        each.close();
      }
    }
    assertThat(Figures.await(port, "process_files_open_files", "", now -> now <= descriptors + 10))
        .as("descriptors, before %s", descriptors)
        .isLessThanOrEqualTo(descriptors + 10);
    assertThat(Figures.await(port, "dormouse_memory_waiting_bytes", "", now -> now < MESSAGE))
        .as("bytes that wait")
        .isLessThan(MESSAGE);
    // If it had run out of memory it would not be there.
    assertThat(figures().of("jvm_memory_used_bytes", "area=\"heap\""))
        .isLessThan(HEAP_MIB * 1024 * 1024);
  }

  private static Figures figures() throws IOException {
    return Figures.of(port);
  }

  private RawWebSocket dial(String address) throws IOException {
    RawWebSocket client = RawWebSocket.dialFrom(address, port);
    clients.add(client);
    return client;
  }

  /// Comes back if it is told to: while much waits a room is behind as soon as it has any work.
  private RawWebSocket open(String room) throws IOException {
    RawWebSocket client = dial("127.0.0.1");
    int status = client.upgrade("/abused/" + room).status();
    for (int i = 0; i < 100 && status == 503; i++) {
      clients.remove(client);
      client.close();
      client = dial("127.0.0.1");
      status = client.upgrade("/abused/" + room).status();
    }
    assertThat(status).isEqualTo(101);
    return client;
  }

  /// Says whether the client could send it: the server may have hung up.
  private static boolean sent(RawWebSocket client, byte[] bytes) {
    try {
      client.bytes(bytes);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void handshakes_that_come_byte_by_byte_are_cut_off() throws Exception {
    double before = figures().of("dormouse_clients_sent_away_total", "late");
    int count = 400 * TIMES;
    byte[] head = "GET /abused/loris HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(UTF_8);
    for (int i = 0; i < count; i++) {
      dial("127.0.0.1");
    }
    for (int i = 0; i < 30; i++) {
      for (RawWebSocket each : clients) {
        sent(each, new byte[] {head[i]});
      }
      Thread.sleep(100);
    }
    assertThat(
            Figures.await(
                port, "dormouse_clients_sent_away_total", "late", now -> now >= before + count))
        .isEqualTo(before + count);
  }

  @Test
  void frames_that_never_end_take_no_more_than_there_is() throws Exception {
    double limit = figures().of("dormouse_memory_waiting_limit_bytes");
    byte[] frame = RawWebSocket.encode(RawWebSocket.BINARY, new byte[MESSAGE]);
    byte[] most = Arrays.copyOf(frame, MESSAGE - 1_000);
    int count = 150 * TIMES;
    for (int i = 0; i < count; i++) {
      RawWebSocket client = open("endless" + i % 10);
      sent(client, most);
    }
    assertThat(figures().of("dormouse_memory_waiting_bytes"))
        .as("of %s", limit)
        .isGreaterThan(limit / 2)
        .isLessThan(limit + 4 * MESSAGE);
    int told = 0;
    for (RawWebSocket each : clients.subList(count - 20, count)) {
      try {
        told += each.readClose() == 1013 ? 1 : 0;
      } catch (IOException _) {
        // It was still sending when it was cut.
      }
    }
    assertThat(told).as("were told to come back").isPositive();
    // Who says little is heard even so.
    assertThat(open("small").text("x".repeat(30_000)).readText()).hasSize(30_000);
  }

  @Test
  void a_hundred_thousand_fragments_are_one_message_and_take_their_time() throws Exception {
    double before = figures().of("dormouse_clients_throttled_total");
    int count = 100_000 * TIMES;
    RawWebSocket client = open("fragments");
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(RawWebSocket.encode(RawWebSocket.TEXT_PART, (byte) 'x'));
    byte[] part = RawWebSocket.encode(RawWebSocket.MORE, (byte) 'x');
    for (int i = 2; i < Math.min(count, MESSAGE); i++) {
      frames.writeBytes(part);
    }
    frames.writeBytes(RawWebSocket.encode(RawWebSocket.LAST, (byte) 'x'));
    client.bytes(frames.toByteArray());
    assertThat(client.readText()).hasSize(Math.min(count, MESSAGE));
    assertThat(figures().of("dormouse_clients_throttled_total")).isGreaterThan(before);
  }

  @Test
  void huge_headers_and_addresses_are_refused() throws Exception {
    byte[] line = ("GET /abused/" + "y".repeat(1_000_000)).getBytes(UTF_8);
    byte[] headers =
        ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "y".repeat(1_000_000))
            .getBytes(UTF_8);
    String many = "X-Many: " + "z".repeat(100) + "\r\n";
    byte[] countless =
        ("GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + many.repeat(10_000)).getBytes(UTF_8);
    int[] status = new int[600];
    for (int i = 0; i < 60 * TIMES; i++) {
      RawWebSocket client = dial("127.0.0.1");
      sent(client, i % 3 == 0 ? line : i % 3 == 1 ? headers : countless);
      try {
        status[client.head().status()]++;
      } catch (IOException _) {
        // Reset, since it was still sending.
        status[0]++;
      }
    }
    assertThat(status[414] + status[431] + status[400] + status[0]).isEqualTo(60 * TIMES);
    assertThat(status[414]).isPositive();
    assertThat(status[431]).isPositive();
  }

  @Test
  void a_flood_of_pings_is_answered_as_fast_as_is_allowed_whether_parked_or_not() throws Exception {
    double throttled = figures().of("dormouse_clients_throttled_total");
    RawWebSocket parked = open("pings");
    RawWebSocket awake = open("pings");
    Figures.await(port, "dormouse_sockets", "state=\"parked\"", now -> now >= 2);
    double unparked = figures().of("dormouse_sockets_unparked_total");
    byte[] ping = RawWebSocket.encode(RawWebSocket.PING);
    int count = 60_000 * TIMES;
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      many.writeBytes(ping);
    }
    assertThat(awake.text("up").readText()).isEqualTo("up");
    for (RawWebSocket each : List.of(parked, awake)) {
      each.bytes(many.toByteArray());
      for (int i = 0; i < count; i++) {
        assertThat(each.next().first()).isEqualTo(RawWebSocket.PONG);
      }
    }
    assertThat(figures().of("dormouse_answers_total", "pong")).isGreaterThanOrEqualTo(2.0 * count);
    assertThat(figures().of("dormouse_sockets_unparked_total"))
        .as("the parked one has come back, to be metered")
        .isGreaterThan(unparked);
    assertThat(figures().of("dormouse_clients_throttled_total")).isGreaterThan(throttled);
  }

  @Test
  void names_that_somebody_tries_leave_nothing() throws Exception {
    Figures.await(port, "dormouse_rooms_awake", "", now -> now <= 1);
    double written = figures().of("dormouse_store_written_bytes_total");
    int count = Integer.getInteger("dormouse.probes", 6_000 * TIMES);
    int[] status = new int[600];
    RawWebSocket probe = dial("127.0.0.1");
    for (int i = 0; i < count; i++) {
      String path =
          switch (i % 4) {
            case 0 -> "/status/abused/name" + i;
            case 1 -> "/rooms/abused/name" + i;
            case 2 -> "/rooms/nowhere/name" + i;
            default -> "/abused/name" + i;
          };
      probe.bytes(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
      RawWebSocket.Head head = probe.head();
      probe.body(head);
      status[head.status()]++;
    }
    assertThat(status[200] + status[404] + status[426] + status[503]).isEqualTo(count);
    assertThat(figures().of("dormouse_rooms_awake")).isLessThanOrEqualTo(2_001);
    assertThat(Figures.await(port, "dormouse_rooms_awake", "", now -> now <= 1))
        .as("awake when it is over")
        .isLessThanOrEqualTo(1);
    assertThat(figures().of("dormouse_store_written_bytes_total")).isEqualTo(written);
    assertThat(figures().of("dormouse_rooms_connected")).isLessThanOrEqualTo(1);
    assertThat(Figures.get(port, "/status/abused/name1").body())
        .contains("\"state\":\"asleep\"")
        .doesNotContain("since");
    assertThat(sizeOnDisk()).isLessThan(8 * MESSAGE);
  }

  private static long sizeOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    }
  }

  @Test
  void rooms_that_set_an_alarm_in_every_alarm_do_not_starve_others() throws Exception {
    double before = figures().of("dormouse_alarm_lateness_seconds_count");
    List<RawWebSocket> storms = new ArrayList<>();
    for (int i = 0; i < 20 * TIMES; i++) {
      storms.add(open("storm" + i));
      assertThat(storms.getLast().text("storm").readText()).isEqualTo("storm");
    }
    Thread.sleep(1_500);
    double fired = figures().of("dormouse_alarm_lateness_seconds_count") - before;
    assertThat(fired).as("alarms fired").isGreaterThan(200);
    assertThat(figures().of("dormouse_alarms_in_flight")).isLessThanOrEqualTo(20 * TIMES);
    for (RawWebSocket each : storms) {
      assertThat(each.text("calm").readText()).isEqualTo("calm");
    }
    assertThat(Figures.await(port, "dormouse_alarms_in_flight", "", now -> now == 0)).isZero();
  }

  @Test
  void wrong_frames_from_many_end_their_own_connections_only() throws Exception {
    byte[][] wrong = {
      RawWebSocket.unmasked(RawWebSocket.TEXT, (byte) 'x'),
      RawWebSocket.encode(0x83, (byte) 'x'),
      RawWebSocket.encode(0xf1, (byte) 'x'),
      RawWebSocket.encode(RawWebSocket.TEXT, (byte) 0xff),
      RawWebSocket.encode(RawWebSocket.LAST, (byte) 'x'),
      RawWebSocket.encode(0x09, (byte) 'x')
    };
    for (int i = 0; i < 300 * TIMES; i++) {
      RawWebSocket client = open("wrong");
      int code = client.bytes(wrong[i % wrong.length]).readClose();
      assertThat(code).isEqualTo(i % wrong.length == 3 ? 1007 : 1002);
      // Never answers the close.
    }
  }

  @Test
  void who_connects_again_and_again_is_told_to_wait() throws Exception {
    int told = 0;
    int let = 0;
    for (int i = 0; i < 900 * TIMES; i++) {
      try (RawWebSocket client = RawWebSocket.dialFrom(STRANGER, port)) {
        RawWebSocket.Head head = client.upgrade("/abused/again");
        if (head.status() == 429) {
          told++;
          assertThat(head.header("retry-after")).hasValue("1");
          assertThat(client.rest()).contains("too-often");
        } else {
          assertThat(head.status()).isEqualTo(101);
          let++;
        }
      } catch (IOException _) {
        // Closed without a word, as some are where many are sent away.
      }
    }
    assertThat(told).as("told so").isPositive();
    assertThat(let).as("let in").isBetween(500, 850 * TIMES);
    assertThat(figures().of("dormouse_clients_sent_away_total", "rate")).isPositive();
  }

  @Test
  void a_room_that_throws_at_every_message_rests_and_its_client_is_closed() throws Exception {
    RawWebSocket client = open("throws");
    int code = 0;
    for (int i = 0; i < 1_000 && code == 0; i++) {
      if (!sent(client, RawWebSocket.encode(RawWebSocket.TEXT, "throw".getBytes(UTF_8)))) {
        break;
      }
    }
    code = client.readClose();
    assertThat(code).isEqualTo(4001);
    assertThat(figures().of("dormouse_handlers_failed_total")).isBetween(5.0, 50.0);
  }

  @Test
  void bodies_that_never_end_take_no_more_than_there_is() throws Exception {
    double limit = figures().of("dormouse_memory_waiting_limit_bytes");
    byte[] some = new byte[400_000];
    int refused = 0;
    for (int i = 0; i < 120 * TIMES; i++) {
      RawWebSocket client = dial("127.0.0.1");
      String head =
          i % 2 == 0
              ? "Content-Length: 4000000\r\n\r\n"
              : "Transfer-Encoding: chunked\r\n\r\n3d0900\r\n";
      sent(
          client,
          ("POST /rooms/abused/body HTTP/1.1\r\nHost: localhost\r\n" + head).getBytes(UTF_8));
      sent(client, some);
    }
    assertThat(figures().of("dormouse_memory_waiting_bytes"))
        .as("of %s, and what each may have even then", limit)
        .isLessThan(limit + clients.size() * 65_536 + 4 * MESSAGE);
    for (RawWebSocket each : clients) {
      try {
        RawWebSocket.Head head = each.head();
        if (head.status() == 503) {
          assertThat(head.header("retry-after")).isPresent();
          refused++;
        }
      } catch (IOException _) {
        // Nothing came for three seconds, so it was closed.
      }
      each.close();
    }
    assertThat(refused).as("answered 503").isPositive();
  }
}
