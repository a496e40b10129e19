package dev.dormouse.loadtest.hold;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What whoever started the holder wants of it, line by line. The end of the lines is an order to
/// stop, so that a holder does not outlive who led it.
final class Orders {
  private final Queue<Order> orders = new ConcurrentLinkedQueue<>();

  sealed interface Order {
    /// @param percent of the open connections, each minute
    record Wake(double percent) implements Order {}

    record Stop() implements Order {}
  }

  /// Reads in a thread of its own.
  ///
  /// @param arrived called for each order, in that thread
  static Orders from(InputStream in, Runnable arrived) {
    Orders orders = new Orders();
    Thread.ofPlatform().daemon().name("orders").start(() -> orders.read(in, arrived));
    return orders;
  }

  private void read(InputStream in, Runnable arrived) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        orders.add(parse(line));
        arrived.run();
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("stops, for an order that cannot be read: " + e);
    }
    orders.add(new Order.Stop());
    arrived.run();
  }

  /// @throws IllegalArgumentException if it is no order
  static Order parse(String line) {
    String[] words = line.strip().split(" +", -1);
    if (words.length == 1 && words[0].equals("stop")) {
      return new Order.Stop();
    }
    if (words.length == 2 && words[0].equals("wake")) {
      return new Order.Wake(Double.parseDouble(words[1]));
    }
    throw new IllegalArgumentException(line);
  }

  Optional<Order> next() {
    return Optional.ofNullable(orders.poll());
  }
}
