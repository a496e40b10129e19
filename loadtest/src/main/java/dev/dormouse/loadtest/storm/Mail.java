package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// A queue over HTTP: whoever publishes, and whoever pulls. Each acknowledged message reaches both
/// of its groups; the rooms of the one write each down once.
final class Mail {
  private static final int ROOMS = 4;

  private final Wire wire;
  private final Findings findings;
  private final Set<String> pulled = ConcurrentHashMap.newKeySet();

  Mail(Wire wire, Findings findings) {
    this.wire = wire;
    this.findings = findings;
  }

  Client publisher() {
    return new Publisher();
  }

  Client puller() {
    return new Puller();
  }

  private final class Publisher implements Client {
    private final Set<String> published = ConcurrentHashMap.newKeySet();
    private long number = 1;

    /// Whether the last one may be in although nobody was answered.
    private boolean inDoubt;

    @Override
    public String name() {
      return "queue, publishing";
    }

    @Override
    public long acknowledged() {
      return published.size();
    }

    @Override
    public void step() throws LostException, InterruptedException {
      String key = "m" + number;
      inDoubt = true;
      Wire.Answer answer =
          wire.post(
              "/queues/storm?raw",
              "message " + number,
              Map.of("content-type", "text/plain", "idempotency-key", key));
      findings.check(
          answer.status() == 200, name(), answer.status() + " for " + key + ": " + answer.text());
      inDoubt = false;
      published.add(key);
      number++;
    }

    @Override
    public String check() throws LostException, InterruptedException {
      if (inDoubt) {
        step();
      }
      long rooms = 0;
      for (int i = 0; i < ROOMS; i++) {
        JsonObject counts = Json.object(wire.get("/rooms/storm-count/c" + i).text());
        rooms += counts.number("messages");
        findings.check(
            counts.number("again") == 0,
            name(),
            "room c" + i + " was brought some twice: " + counts);
      }
      findings.check(
          rooms <= published.size(),
          name(),
          "%d published, but %d brought".formatted(published.size(), rooms));
      long missing = published.stream().filter(key -> !pulled.contains(key)).count();
      return rooms == published.size() && missing == 0
          ? ""
          : "of %d published %d are in rooms, and %d not pulled"
              .formatted(published.size(), rooms, missing);
    }

    @Override
    public long pace() {
      return 200;
    }
  }

  private final class Puller implements Client {
    private static final String AT = "/queues/storm/pullers/";

    @Override
    public String name() {
      return "queue, pulling";
    }

    @Override
    public long acknowledged() {
      return pulled.size();
    }

    @Override
    public void step() throws LostException, InterruptedException {
      Wire.Answer answer = wire.post(AT + "pull", "{\"size\":20,\"waitSeconds\":1}");
      if (answer.status() != 200) {
        throw new LostException("pull: " + answer.status() + " " + answer.text());
      }
      List<JsonObject> messages = Json.object(answer.text()).objects("messages");
      if (!messages.isEmpty()) {
        String leases =
            messages.stream()
                .map(m -> Json.write(m.text("lease")))
                .collect(Collectors.joining(","));
        // Before it is acknowledged: nobody may ever hear that it was.
        messages.forEach(m -> pulled.add(m.text("key")));
        Wire.Answer done = wire.post(AT + "ack", "{\"leases\":[" + leases + "]}");
        findings.check(done.status() == 200, name(), "ack: " + done.status() + " " + done.text());
      }
    }

    /// Goes on pulling while the publisher looks what is missing.
    @Override
    public String check() throws LostException, InterruptedException {
      step();
      return "";
    }
  }
}
