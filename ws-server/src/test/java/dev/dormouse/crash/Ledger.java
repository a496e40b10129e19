package dev.dormouse.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/// The world outside: a bank and a till that outlive the server, take their time, lose answers, and
/// write all they do into a file. Calls of one key are served one by one, in the order in which
/// they came.
///
/// The bank takes a key it knows for the first call; the till charges as often as it is asked to,
/// and can be asked. Each line of the file: monotonic time in ns, service, operation, key, and
/// `effect` or `none`.
final class Ledger implements AutoCloseable {
  private static final int LINES = 8;

  private final Path file;
  private final long seed;
  private final List<ExecutorService> lines = new ArrayList<>();

  /// What stands, by service and key. Guarded by itself.
  private final Map<String, String> stands = new HashMap<>();

  /// How often each was called. Guarded by [#stands].
  private final Map<String, Integer> calls = new HashMap<>();

  Ledger(Path file, long seed) {
    this.file = file;
    this.seed = seed;
    for (int i = 0; i < LINES; i++) {
      lines.add(Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory()));
    }
  }

  Path file() {
    return file;
  }

  /// Serves a call; `answer` may be told from another thread, or never be heard.
  void call(String service, String operation, String key, java.util.function.Consumer<String> to) {
    lines
        .get(Math.floorMod(key.hashCode(), LINES))
        .execute(() -> to.accept(serve(service, operation, key)));
  }

  private String serve(String service, String operation, String key) {
    String account = service + " " + key;
    int nth;
    synchronized (stands) {
      nth = calls.merge(account + operation, 1, Integer::sum);
    }
    RandomGenerator random = new java.util.Random(seed + account.hashCode() * 31L + nth);
    if (random.nextInt(4) == 0) {
      pause(random.nextInt(300));
    }
    if (operation.equals("find")) {
      synchronized (stands) {
        write(service, operation, key, false);
        return "charged".equals(stands.get(account)) ? "known" : "unknown";
      }
    }
    if (random.nextInt(12) == 0) {
      return "failed";
    }
    if (operation.equals("charge") && Math.floorMod(account.hashCode(), 17) == 0) {
      return "refused";
    }
    does(service, operation, key, account);
    // Its answer is lost on the way.
    return random.nextInt(12) == 0 ? "failed" : "done";
  }

  private void does(String service, String operation, String key, String account) {
    synchronized (stands) {
      String stood = stands.get(account);
      boolean effect =
          switch (operation) {
            case "charge" -> service.equals(Errands.TILL) || stood == null;
            case "refund" -> "charged".equals(stood);
            default -> throw new IllegalArgumentException(operation);
          };
      if (effect) {
        stands.put(account, operation.equals("charge") ? "charged" : "refunded");
      } else if (stood == null) {
        stands.put(account, "refunded");
      }
      write(service, operation, key, effect);
    }
  }

  private void write(String service, String operation, String key, boolean effect) {
    String line =
        "%d %s %s %s %s%n"
            .formatted(System.nanoTime(), service, operation, key, effect ? "effect" : "none");
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    lines.forEach(ExecutorService::shutdownNow);
  }
}
