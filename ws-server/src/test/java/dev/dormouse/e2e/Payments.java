package dev.dormouse.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A payment service to try bookings with: it takes no money, keeps a ledger in memory, and does
/// all that a real one does at its worst. What it does to a payment, the last two digits of the
/// amount say, see [Mood].
///
/// It does its part in what sagas promise: a second charge with a key is answered as the first was,
/// and a charge that comes after the refund of its key is refused.
///
/// ```
/// POST /charge, /refund   {"order","amount",…} with the header Idempotency-Key
/// GET  /charge/{key}      what became of it: 200, 402 or 409, and 404 if it never came
/// GET  /ledger            all of it
/// ```
///
/// One file, without libraries, so that `e2e/payments` can run it from its source.
public final class Payments implements AutoCloseable {
  private static final Pattern ORDER = Pattern.compile("\"order\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern AMOUNT = Pattern.compile("\"amount\"\\s*:\\s*(\\d{1,15})");
  private static final int MAX_BODY = 64 * 1024;

  /// What happens to a payment.
  enum Mood {
    /// It is charged at once.
    FINE(0),
    /// 402.
    REFUSES(2),
    /// 503 to the first two calls.
    FAILS(3),
    /// Charges, and hangs up on the first call instead of answering.
    LOSES(4),
    /// Charges and answers when nobody waits any more; says 425 to those who ask again meanwhile.
    LATE(5),
    /// Never answers, and never charges.
    NEVER(6),
    /// Sends its answer twice.
    TWICE(7),
    /// Takes three seconds.
    SLOW(8);

    private final int cents;

    Mood(int cents) {
      this.cents = cents;
    }

    static Mood of(long amount) {
      for (Mood mood : values()) {
        if (mood.cents == amount % 100) {
          return mood;
        }
      }
      return FINE;
    }
  }

  /// What a key stands for: `charged`, `refunded`, `refused`, or `void` if it was refunded before
  /// it was charged.
  record Entry(String order, long amount, String state) {
    long taken() {
      return state.equals("charged") ? amount : 0;
    }
  }

  private record Reply(int status, String json) {}

  private record Call(String method, String path, String key, String body) {}

  private final ServerSocket server;
  private final long lateMillis;
  private final long slowMillis;
  private final boolean talks;

  /// By key; guarded by this.
  private final Map<String, Entry> book = new LinkedHashMap<>();

  /// How often each key was to be charged; guarded by this.
  private final Map<String, Integer> calls = new HashMap<>();

  private final java.util.Set<String> atWork = ConcurrentHashMap.newKeySet();
  private final java.util.Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// @param port 0 for any
  /// @param lateMillis longer than whoever calls waits
  /// @param talks whether it says on standard output what it does
  Payments(int port, long lateMillis, long slowMillis, boolean talks) throws IOException {
    server = new ServerSocket(port, 500, InetAddress.getLoopbackAddress());
    this.lateMillis = lateMillis;
    this.slowMillis = slowMillis;
    this.talks = talks;
    Thread.ofVirtual().name("payments").start(this::accept);
  }

  /// Runs it until it is interrupted: `[--port N]`.
  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    int at = all.indexOf("--port");
    int port = at < 0 ? 8421 : Integer.parseInt(all.get(at + 1));
    try (Payments payments = new Payments(port, 10_000, 3_000, true)) {
      System.out.println("Payments are taken at " + payments.url());
      System.out.println("To use them: ./dormouse serve --service payment=" + payments.url());
      Thread.currentThread().join();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  // ---- the ledger

  synchronized Map<String, Entry> ledger() {
    return new LinkedHashMap<>(book);
  }

  /// What has been taken for an order and not given back, by whatever keys.
  synchronized long taken(String order) {
    return book.values().stream()
        .filter(entry -> entry.order().equals(order))
        .mapToLong(Entry::taken)
        .sum();
  }

  private synchronized int callsOf(String key) {
    return calls.merge(key, 1, Integer::sum);
  }

  private synchronized Reply charge(String key, String order, long amount) {
    Entry entry =
        book.computeIfAbsent(
            key,
            _ -> new Entry(order, amount, Mood.of(amount) == Mood.REFUSES ? "refused" : "charged"));
    return told(key, entry);
  }

  private synchronized Reply refund(String key, String order, long amount) {
    Entry before = book.get(key);
    String state =
        before == null ? "void" : before.state().equals("charged") ? "refunded" : before.state();
    book.put(key, new Entry(order, amount, state));
    return new Reply(200, "{\"state\":\"%s\"}".formatted(state));
  }

  private synchronized Reply lookup(String key) {
    Entry entry = book.get(key);
    return entry == null ? new Reply(404, "{\"reason\":\"no such payment\"}") : told(key, entry);
  }

  private static Reply told(String key, Entry entry) {
    return switch (entry.state()) {
      case "charged" -> new Reply(200, "{\"receipt\":\"R-%08X\"}".formatted(key.hashCode()));
      case "refused" -> new Reply(402, "{\"reason\":\"the card was declined\"}");
      default -> new Reply(409, "{\"reason\":\"this payment was taken back\"}");
    };
  }

  private synchronized Reply all() {
    List<String> lines = new ArrayList<>();
    book.forEach((key, entry) ->
        lines.add(
            "{\"key\":\"%s\",\"order\":\"%s\",\"amount\":%d,\"state\":\"%s\"}"
                .formatted(key, entry.order(), entry.amount(), entry.state())));
    return new Reply(200, "[" + String.join(",\n", lines) + "]\n");
  }

  // ---- the wire

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // Closed, or a client that left before it was let in.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (Optional<Call> call = read(in); call.isPresent(); call = read(in)) {
        answer(call.get(), out);
      }
    } catch (IOException _) {
      // Whoever called is gone, or was hung up on.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Call call, OutputStream out) throws IOException, InterruptedException {
    Matcher order = ORDER.matcher(call.body());
    Matcher amount = AMOUNT.matcher(call.body());
    boolean complete = !call.key().isEmpty() && order.find() && amount.find();
    String what = call.method() + " " + call.path();
    Reply reply =
        switch (what) {
          case "POST /charge", "POST /refund" -> {
            if (!complete) {
              yield new Reply(400, "{\"reason\":\"a key, an order and an amount are needed\"}");
            }
            long cents = Long.parseLong(amount.group(1));
            yield what.equals("POST /refund")
                ? refund(call.key(), order.group(1), cents)
                : charging(call.key(), order.group(1), cents, out);
          }
          case "GET /ledger" -> all();
          default ->
              what.startsWith("GET /charge/")
                  ? lookup(call.path().substring("/charge/".length()))
                  : new Reply(404, "{\"reason\":\"there is nothing here\"}");
        };
    if (talks && !what.equals("GET /ledger")) {
      System.out.printf("%s %s: %d %s%n", what, call.key(), reply.status(), reply.json());
    }
    write(out, reply);
  }

  private Reply charging(String key, String order, long amount, OutputStream out)
      throws IOException, InterruptedException {
    int call = callsOf(key);
    return switch (Mood.of(amount)) {
      case FINE, REFUSES -> charge(key, order, amount);
      case FAILS ->
          call <= 2
              ? new Reply(503, "{\"reason\":\"the bank is closed for a moment\"}")
              : charge(key, order, amount);
      case LOSES -> {
        Reply reply = charge(key, order, amount);
        if (call == 1) {
          throw new IOException("hung up, as it was told to");
        }
        yield reply;
      }
      case LATE -> after(lateMillis, key, order, amount);
      case SLOW -> after(slowMillis, key, order, amount);
      case NEVER -> {
        TimeUnit.HOURS.sleep(1);
        yield new Reply(503, "{}");
      }
      case TWICE -> {
        Reply reply = charge(key, order, amount);
        write(out, reply);
        yield reply;
      }
    };
  }

  private Reply after(long millis, String key, String order, long amount)
      throws InterruptedException {
    if (!atWork.add(key)) {
      return new Reply(425, "{\"reason\":\"still at it\"}");
    }
    try {
      if (lookup(key).status() == 404) {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      return charge(key, order, amount);
    } finally {
      atWork.remove(key);
    }
  }

  private static Optional<Call> read(InputStream in) throws IOException {
    String first = line(in);
    String[] request = first.split(" ", -1);
    if (request.length != 3) {
      return Optional.empty();
    }
    String key = "";
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String[] parts = header.split(":", 2);
      String value = parts.length == 2 ? parts[1].strip() : "";
      if (parts[0].equalsIgnoreCase("idempotency-key")) {
        key = value;
      } else if (parts[0].equalsIgnoreCase("content-length")) {
        length = Integer.parseInt(value);
      }
    }
    if (length > MAX_BODY) {
      throw new IOException("a body of " + length + " bytes");
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return Optional.of(new Call(request[0], request[1], key, body));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
      if (line.length() > MAX_BODY) {
        throw new IOException("a line without an end");
      }
    }
    return line.toString();
  }

  private static void write(OutputStream out, Reply reply) throws IOException {
    byte[] body = reply.json().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(reply.status(), body.length);
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
