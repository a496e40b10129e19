package dev.dormouse.rooms.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many buyers who want the last pieces, retry what they heard no answer to, change their minds and
/// come too late; a process that dies and a disk that fails, in orders drawn from seeds. Nothing is
/// ever sold twice, and nothing that was answered is forgotten.
class InventorySimulationTest {
  private static final int STEPS = 80;
  private static final int ON_HAND = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<Buyer> buyers = new ArrayList<>();

  /// How the rows are kept.
  Kept kept(Path folder) {
    return Kept.asKeys(folder);
  }

  int seeds() {
    return 250;
  }

  private String space() {
    return kept(folder).space();
  }

  /// What a buyer was told last.
  private enum Told {
    NOTHING,
    HELD,
    CONFIRMED,
    RELEASED,
    TOO_LATE,
    OUT_OF_STOCK
  }

  private final class Buyer {
    final String key;
    final int quantity;
    Told told = Told.NOTHING;
    String id = "";
    long exchange = -1;
    Told asking = Told.NOTHING;

    Buyer(String key, int quantity) {
      this.key = key;
      this.quantity = quantity;
    }

    /// Asks for the next thing, or again for the last.
    void ask(RoomTester t, Told wish) {
      asking = wish;
      String path =
          switch (wish) {
            case HELD -> "reservations";
            case CONFIRMED -> "reservations/" + id + "/confirm";
            case RELEASED -> "reservations/" + id + "/release";
            case NOTHING, TOO_LATE, OUT_OF_STOCK -> throw new IllegalStateException();
          };
      String body = "{\"sku\":\"cup\",\"quantity\":%d,\"key\":\"%s\"}".formatted(quantity, key);
      exchange =
          t.requesting(
              space(),
              "berlin",
              new HttpCall(
                  "POST", path, Map.of(), Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    void hear(RoomTester t) throws Exception {
      @Nullable Answer answer = t.sockets().answer(exchange);
      if (answer == null) {
        return;
      }
      exchange = -1;
      switch (answer) {
        case Answer.Replied(HttpReply reply) -> {
          JsonNode said = JSON.readTree(reply.text());
          assertThat(said.get("quantity").asInt()).isEqualTo(quantity);
          assertThat(id).isIn("", said.get("id").asText());
          id = said.get("id").asText();
          told =
              switch (said.get("state").asText()) {
                case "held" -> Told.HELD;
                case "confirmed" -> Told.CONFIRMED;
                case "released" -> Told.RELEASED;
                case "expired" -> Told.TOO_LATE;
                default -> throw new AssertionError(said);
              };
        }
        case Answer.Declined(Refusal refusal) -> {
          assertThat(refusal.status()).as(refusal.getMessage()).isEqualTo(409);
          told = asking == Told.HELD ? Told.OUT_OF_STOCK : Told.TOO_LATE;
        }
        case Answer.Declined _ -> {
          // A reset: whether it happened is not known, so it is asked again.
        }
        case Answer.Admitted _ -> throw new AssertionError("an admission");
      }
    }
  }

  @Test
  void nothing_is_sold_twice_and_nothing_answered_is_forgotten() {
    for (long seed = 1; seed <= seeds(); seed++) {
      buyers.clear();
      play(seed);
    }
  }

  private void play(long seed) {
    Kept kept = kept(folder.resolve("seed" + seed));
    kept.stage(RoomTester.seeded(seed, kept.namespace()))
        .run(t -> {
          Random random = t.execution().random();
          t.request(
              space(),
              "berlin",
              HttpCall.of("PUT", "stock/cup").withBody("{\"onHand\":" + ON_HAND + "}"));
          for (int i = 0; i < 15; i++) {
            buyers.add(new Buyer("k" + i, 1 + random.nextInt(4)));
          }
          FakeConnection watcher = t.connect(space(), "berlin");
          for (int step = 0; step < STEPS; step++) {
            if (step(t, random)) {
              check(watcher);
              watcher = t.connect(space(), "berlin");
            }
          }
          end(t);
          check(watcher);
        });
  }

  /// Says whether the process died.
  private boolean step(RoomTester t, Random random) throws Exception {
    Buyer buyer = buyers.get(random.nextInt(buyers.size()));
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> act(t, buyer, random);
      case 5, 6 -> hearAll(t);
      case 7 -> {
        t.advance(Duration.ofSeconds(random.nextInt(400)));
        hearAll(t);
      }
      case 8 -> failSome(t, random);
      default -> {
        if (random.nextInt(3) == 0) {
          hearAll(t);
          t.crash();
          buyers.forEach(each -> each.exchange = -1);
          remembered(t);
          return true;
        }
      }
    }
    return false;
  }

  private void act(RoomTester t, Buyer buyer, Random random) throws Exception {
    buyer.hear(t);
    if (buyer.exchange >= 0 && random.nextInt(4) > 0) {
      return;
    }
    switch (buyer.told) {
      case NOTHING -> buyer.ask(t, Told.HELD);
      case HELD -> buyer.ask(t, random.nextInt(3) == 0 ? Told.RELEASED : Told.CONFIRMED);
      case CONFIRMED -> buyer.ask(t, Told.CONFIRMED);
      case RELEASED -> buyer.ask(t, Told.RELEASED);
      case OUT_OF_STOCK -> buyer.ask(t, Told.HELD);
      case TOO_LATE -> {}
    }
  }

  private void hearAll(RoomTester t) throws Exception {
    t.settle();
    for (Buyer buyer : buyers) {
      buyer.hear(t);
    }
  }

  private void failSome(RoomTester t, Random random) {
    int[] left = {1 + random.nextInt(2)};
    t.store()
        .faults(_ -> {
          if (left[0]-- <= 0) {
            return new Verdict.Durable();
          }
          return random.nextBoolean()
              ? new Verdict.Rejected("a test")
              : new Verdict.Unknown(random.nextBoolean());
        });
  }

  /// What was answered is still so.
  private void remembered(RoomTester t) throws Exception {
    for (Buyer buyer : buyers) {
      String state = buyer.id.isEmpty() ? "" : state(t, buyer.id);
      switch (buyer.told) {
        case NOTHING, OUT_OF_STOCK -> {}
        // What was asked since may have happened, its answer lost.
        case HELD -> assertThat(state).isIn("held", "confirmed", "released", "expired");
        case CONFIRMED -> assertThat(state).isEqualTo("confirmed");
        case RELEASED -> assertThat(state).isEqualTo("released");
        case TOO_LATE -> assertThat(state).isIn("expired", "confirmed", "released");
      }
    }
  }

  private String state(RoomTester t, String id) throws Exception {
    HttpReply reply = t.request(space(), "berlin", HttpCall.of("GET", "reservations/" + id));
    return JSON.readTree(reply.text()).get("state").asText();
  }

  private void end(RoomTester t) throws Exception {
    t.store().faults(_ -> new Verdict.Durable());
    hearAll(t);
    // Whose answer was lost may hold something without knowing.
    for (Buyer buyer : buyers) {
      if (buyer.id.isEmpty()) {
        buyer.ask(t, Told.HELD);
        hearAll(t);
        assertThat(buyer.told).isNotEqualTo(Told.NOTHING);
      }
    }
    t.stopAndStart();
    remembered(t);

    // Every key stands for at most one reservation, and the sums are those of the reservations.
    Map<String, Integer> quantities = new HashMap<>();
    Map<String, Integer> byState = new HashMap<>();
    for (Buyer buyer : buyers) {
      if (!buyer.id.isEmpty()) {
        assertThat(quantities.put(buyer.id, buyer.quantity)).isNull();
        byState.merge(state(t, buyer.id), buyer.quantity, Integer::sum);
      }
    }
    JsonNode stock =
        JSON.readTree(t.request(space(), "berlin", HttpCall.of("GET", "stock/cup")).text());
    assertThat(stock.get("reserved").asInt()).isEqualTo(byState.getOrDefault("held", 0));
    assertThat(stock.get("onHand").asInt())
        .isEqualTo(ON_HAND - byState.getOrDefault("confirmed", 0));
    assertThat(stock.get("available").asInt()).isNotNegative();
  }

  /// Whoever watched saw each version at most once, in order, and never less than nothing.
  private void check(FakeConnection watcher) throws Exception {
    long version = -1;
    for (String text : watcher.texts()) {
      JsonNode frame = JSON.readTree(text);
      assertThat(frame.get("version").asLong()).isGreaterThanOrEqualTo(version);
      version = frame.get("version").asLong();
      for (JsonNode stock : frame.findValues("available")) {
        assertThat(stock.asLong()).isBetween(0L, (long) ON_HAND);
      }
    }
  }
}
