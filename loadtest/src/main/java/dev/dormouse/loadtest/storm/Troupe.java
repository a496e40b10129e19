package dev.dormouse.loadtest.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// All clients, each on a thread of its own: they use the server until they are told to compare
/// their books with it, all at once, and then go on.
final class Troupe implements AutoCloseable {
  private static final long AFTER_A_LOSS_MS = 250;
  private static final long BETWEEN_CHECKS_MS = 250;

  private final Findings findings;
  private final List<Player> players = new ArrayList<>();
  private volatile boolean over;

  Troupe(Findings findings, List<Client> clients) {
    this.findings = findings;
    clients.forEach(client -> players.add(new Player(client)));
  }

  void start() {
    players.forEach(player -> player.thread.start());
  }

  /// Blocks until every client has compared its books and found nothing open, or `seconds` are
  /// over, which is a finding for each that has not.
  ///
  /// @return false in that case
  boolean check(int seconds) throws InterruptedException {
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    List<CountDownLatch> checks = new ArrayList<>();
    for (Player player : players) {
      CountDownLatch done = new CountDownLatch(1);
      checks.add(done);
      player.ask(done, deadline);
    }
    for (CountDownLatch check : checks) {
      check.await();
    }
    return System.nanoTime() < deadline;
  }

  @Override
  public void close() {
    over = true;
    for (Player player : players) {
      player.thread.interrupt();
    }
    try {
      for (Player player : players) {
        player.thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A client and its thread.
  private final class Player implements Runnable {
    private final Client client;
    private final Thread thread;

    /// Guarded by this, as what follows.
    private CountDownLatch asked = new CountDownLatch(0);

    private long deadline;

    Player(Client client) {
      this.client = client;
      this.thread = new Thread(this, client.name());
    }

    synchronized void ask(CountDownLatch done, long until) {
      asked = done;
      deadline = until;
    }

    @Override
    public void run() {
      try {
        while (!over) {
          CountDownLatch check;
          long until;
          synchronized (this) {
            check = asked;
            until = deadline;
          }
          if (check.getCount() > 0) {
            check(until);
            check.countDown();
          }
          step();
        }
      } catch (InterruptedException _) {
        // It is over.
      } finally {
        synchronized (this) {
          asked.countDown();
        }
      }
    }

    private void step() throws InterruptedException {
      try {
        client.step();
        Thread.sleep(client.pace());
      } catch (LostException _) {
        Thread.sleep(AFTER_A_LOSS_MS);
      } catch (RuntimeException e) {
        wrong(e);
      }
    }

    private void check(long until) throws InterruptedException {
      String open = "";
      do {
        try {
          open = client.check();
          if (open.isEmpty()) {
            return;
          }
        } catch (LostException e) {
          open = e.toString();
        } catch (RuntimeException e) {
          wrong(e);
          return;
        }
        Thread.sleep(BETWEEN_CHECKS_MS);
      } while (System.nanoTime() < until && !over);
      findings.add(client.name() + " stayed open", open);
    }

    /// An answer that makes no sense.
    private void wrong(RuntimeException e) throws InterruptedException {
      findings.add(client.name() + " could not be understood", e + " at " + where(e));
      Thread.sleep(1_000);
    }

    private static String where(RuntimeException e) {
      return e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].toString();
    }
  }
}
