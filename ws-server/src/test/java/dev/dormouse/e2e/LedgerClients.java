package dev.dormouse.e2e;

import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Two clients for each room, one over HTTP and one over WebSocket, that write as fast as they are
/// answered until the server is gone, and put down in the room's [Account] what they asked and what
/// they were told.
final class LedgerClients {
  /// The longest delay of an alarm, in ms: most come due while the server is down.
  private static final int ALARM_MILLIS = 600;

  private static final int PIPELINED = 6;

  private final ServerProcess server;
  private final String namespace;
  private final int port;
  private final List<Account> accounts;
  private final String round;
  private final long seed;

  /// Whether the server is told to fail or to stop, so that it may refuse.
  private final boolean mayRefuse;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch begun;
  private final CountDownLatch refused = new CountDownLatch(1);
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  private LedgerClients(
      ServerProcess server,
      String namespace,
      List<Account> accounts,
      String round,
      long seed,
      boolean mayRefuse)
      throws IOException {
    this.server = server;
    this.namespace = namespace;
    this.port = server.port();
    this.accounts = accounts;
    this.round = round;
    this.seed = seed;
    this.mayRefuse = mayRefuse;
    this.begun = new CountDownLatch(2 * accounts.size());
  }

  /// @param round goes into the names of all ops
  /// @param seed of what each client does
  static LedgerClients start(
      ServerProcess server,
      String namespace,
      List<Account> accounts,
      String round,
      long seed,
      boolean mayRefuse)
      throws IOException {
    LedgerClients clients = new LedgerClients(server, namespace, accounts, round, seed, mayRefuse);
    for (int i = 0; i < accounts.size(); i++) {
      int number = i;
      clients.run(() -> clients.overHttp(number));
      clients.run(() -> clients.overSocket(number));
    }
    return clients;
  }

  /// A client's work, which ends with the server.
  private interface Client {
    void work() throws IOException;
  }

  private void run(Client client) {
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.work();
              } catch (SocketTimeoutException e) {
                faults.add("no answer within 10 s: " + e);
              } catch (IOException e) {
                if (!server.endsWithin(10)) {
                  faults.add("cut off, though the server goes on: " + e);
                }
              } catch (RuntimeException | Error e) {
                faults.add(e.toString());
              } finally {
                begun.countDown();
              }
            }));
  }

  /// Waits until all have been answered once, or have ended.
  void awaitFirstAnswers() throws InterruptedException {
    if (!begun.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("some clients had no answer for 20 s");
    }
  }

  /// Waits until one was refused something.
  void awaitRefusal() throws InterruptedException {
    if (!refused.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("no client was refused anything for 20 s");
    }
  }

  /// Waits until all have ended and returns what they have to complain about.
  List<String> complaints() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
      if (thread.isAlive()) {
        throw new AssertionError("a client goes on though the server is gone");
      }
    }
    return List.copyOf(faults);
  }

  private RandomGenerator random(int client) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 1_000 + client);
  }

  private void overHttp(int number) throws IOException {
    Account account = accounts.get(number);
    RandomGenerator random = random(number);
    try (Asking http = new Asking(port, namespace)) {
      for (int i = 0; ; i++) {
        String op = "%s-h%d-%d".formatted(round, number, i);
        int dice = random.nextInt(10);
        if (dice < 6) {
          account.sendsAddition(op);
          Asking.Reply reply = ask(http, account, op, "add?op=" + op);
          if (reply.status() == 200) {
            account.toldOf(op, reply.body());
          }
        } else if (dice < 8) {
          String to = accounts.get(random.nextInt(accounts.size())).room();
          if (to.equals(account.room())) {
            continue;
          }
          account.sendsMove(op, to);
          Asking.Reply reply = ask(http, account, op, "move?op=" + op + "&to=" + to);
          if (reply.status() == 200) {
            account.hasMoved(op);
          }
        } else {
          account.sendsAlarm(op);
          String path = "alarm?op=" + op + "&ms=" + random.nextInt(ALARM_MILLIS);
          if (ask(http, account, op, path).status() == 200) {
            account.alarmIsSet(op);
          }
        }
        begun.countDown();
      }
    }
  }

  private Asking.Reply ask(Asking http, Account account, String op, String path)
      throws IOException {
    Asking.Reply reply = http.ask("POST", account.room(), path);
    if (reply.status() != 200) {
      refused.countDown();
      if (!mayRefuse) {
        faults.add("%s answers %s with %s".formatted(account.room(), path, reply));
      }
      if (reply.body().contains("\"outcome\":\"NOT_APPLIED\"")) {
        account.wasRefused(op);
      }
    }
    return reply;
  }

  private void overSocket(int number) throws IOException {
    Account account = accounts.get(number);
    RandomGenerator random = random(accounts.size() + number);
    // Read by the account when this client is done.
    List<String> stream = new ArrayList<>();
    account.stream(stream);
    Queue<String> unanswered = new ArrayDeque<>();
    try (RawWebSocket socket = RawWebSocket.open(port, "/" + namespace + "/" + account.room())) {
      for (int i = 0; ; ) {
        for (int n = random.nextInt(PIPELINED); n >= 0; n--, i++) {
          String op = "%s-w%d-%d".formatted(round, number, i);
          account.sendsAddition(op);
          stream.add(op);
          unanswered.add(op);
          socket.text(op);
        }
        while (!unanswered.isEmpty()) {
          heard(socket.readText(), account, unanswered);
        }
        begun.countDown();
      }
    }
  }

  /// A store in trouble takes nothing for a moment; what is refused then was never applied (O2).
  private void refused(Account account, String op) {
    refused.countDown();
    if (!mayRefuse) {
      faults.add("%s refuses %s".formatted(account.room(), op));
    }
    account.wasRefused(op);
  }

  private void heard(String text, Account account, Queue<String> unanswered) {
    if (text.equals(LedgerRoom.RESET)) {
      account.wasReset();
      // What was under way is refused, though nobody says which it was.
      refused.countDown();
      unanswered.clear();
      return;
    }
    String[] words = text.split(" ", 2);
    boolean no = words[0].equals(LedgerRoom.REFUSED);
    String op = words[no ? 1 : 0];
    if (no) {
      refused(account, op);
    } else {
      account.toldOf(op, words[1]);
    }
    if (op.equals(unanswered.peek())) {
      unanswered.remove();
    } else if (unanswered.contains(op)) {
      faults.add("%s: %s was answered before %s".formatted(account.room(), op, unanswered.peek()));
    }
  }
}
