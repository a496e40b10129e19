package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.e2e.NodeEditor.Document;
import dev.dormouse.server.RawWebSocket;
import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three editors in processes of their own, with the real `yjs` and `y-websocket`, on one document.
///
/// `-Ddormouse.seed=…` repeats a run's edits, `-Ddormouse.rounds=…` makes it longer.
@DisplayName("Three real editors on one document")
class RealEditorsIT {
  private static final int EDITORS = 3;
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 8);
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final String DOCUMENT = "notes/of three";

  @TempDir Path folder;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private final List<NodeEditor> editors = new ArrayList<>();
  private ServerPlan plan;
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    NodeEditor.Node.require();
    System.out.printf("RealEditorsIT: seed %d%n", SEED);
    // A slow disk shows what does not wait for it.
    String slow = "-Ddormouse.slow=%s:10".formatted(StoreFailpoints.BEFORE_COMMIT);
    plan = ServerPlan.in(folder).port(ServerProcess.quietPort()).options(List.of(slow));
    server = ServerProcess.start(plan);
    for (int i = 0; i < EDITORS; i++) {
      editors.add(newcomer(i));
    }
  }

  @AfterEach
  void stop() {
    editors.forEach(NodeEditor::close);
    // It is not there where Node is not.
    if (server != null) {
      server.close();
    }
  }

  private NodeEditor newcomer(int number) throws IOException {
    return NodeEditor.start(server.port(), DOCUMENT, SEED * 100 + number);
  }

  @Test
  void come_together_after_edits_at_once_and_offline_and_over_lost_connections() throws Exception {
    for (NodeEditor editor : editors) {
      editor.join();
    }
    for (int round = 0; round < ROUNDS; round++) {
      everybodyEdits(20);
    }
    together();
  }

  @Test
  void come_together_over_stops_and_kills_of_the_server() throws Exception {
    for (NodeEditor editor : editors) {
      editor.join();
    }
    for (int round = 0; round < ROUNDS / 2; round++) {
      for (NodeEditor editor : editors) {
        editor.synced();
        editor.send("edit", "n", 40, "pause", 10);
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
      if (round % 2 == 0) {
        server.kill();
      } else {
        assertThat(server.stop()).as("exit code of a stop, seed %d", SEED).isZero();
      }
      server = ServerProcess.start(plan);
      for (NodeEditor editor : editors) {
        editor.answer();
      }
    }
    together();
    for (NodeEditor editor : editors) {
      assertThat(editor.closeCodes()).as("H5: the codes of stops").contains(1001);
    }
  }

  @Test
  void O1_what_one_has_seen_of_another_outlives_them_and_a_kill() throws Exception {
    NodeEditor writer = editors.get(0);
    NodeEditor reader = editors.get(1);
    writer.join();
    reader.join();
    Document before = reader.document();
    for (int round = 0; round < ROUNDS / 2; round++) {
      String what = "seed %d, round %d".formatted(SEED, round);
      writer.send("edit", "n", 400, "pause", 1);
      Document last = before;
      waitUntil(what + ": news", reader::document, now -> !now.equals(last));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      server.kill();
      // Before anybody can send again: the server alone must know what the reader has seen.
      reader.command("disconnect");
      writer.answer();
      writer.command("disconnect");
      Document seen = reader.document();
      server = ServerProcess.start(plan);
      try (NodeEditor newcomer = newcomer(10 + round)) {
        newcomer.join();
        Map<String, Integer> stored = clocks(newcomer.document());
        clocks(seen)
            .forEach((client, clock) ->
                assertThat(stored.getOrDefault(client, 0))
                    .as("%s: what is stored of client %s", what, client)
                    .isGreaterThanOrEqualTo(clock));
      }
      reader.join();
      writer.join();
      before = reader.document();
    }
    together();
  }

  @Test
  void write_nothing_when_they_come_back_with_nothing_new() throws Exception {
    for (NodeEditor editor : editors) {
      editor.join();
    }
    everybodyEdits(20);
    Document before = together();
    // Where two set one key at once, each editor deletes the loser by itself and tells nobody: a
    // server that does not run the document first hears of it when they come back.
    comeBack();
    String version = version();
    Map<Path, String> files = files();
    comeBack();
    try (NodeEditor newcomer = newcomer(20)) {
      newcomer.join();
      assertThat(newcomer.document()).isEqualTo(before);
    }
    assertThat(version()).as("the document's version").isEqualTo(version);
    assertThat(files()).as("the files of the data folder").isEqualTo(files);
    editors.getFirst().command("edit", "n", 1);
    together();
    assertThat(version()).as("the version after an edit").isNotEqualTo(version);
  }

  private void comeBack() throws Exception {
    for (NodeEditor editor : editors) {
      editor.command("disconnect");
      editor.join();
      editor.command("drop");
      editor.synced();
    }
  }

  /// All edit, each in its way: connected, offline for a while, or over a connection that breaks.
  private void everybodyEdits(int edits) throws Exception {
    List<NodeEditor> away = new ArrayList<>();
    for (NodeEditor editor : editors) {
      switch (random.nextInt(4)) {
        case 0 -> {
          editor.command("disconnect");
          away.add(editor);
          editor.send("edit", "n", edits);
        }
        case 1 -> {
          editor.synced();
          editor.command("drop");
          editor.send("edit", "n", edits, "pause", 2);
        }
        default -> editor.send("edit", "n", edits, "pause", random.nextInt(4));
      }
    }
    for (NodeEditor editor : editors) {
      editor.answer();
    }
    for (NodeEditor editor : away) {
      editor.command("connect");
    }
  }

  /// Waits until all have the same document, and finds the same with somebody who knew nothing.
  private Document together() throws Exception {
    for (NodeEditor editor : editors) {
      editor.join();
    }
    List<Document> documents =
        waitUntil(
            "the same documents, seed " + SEED,
            this::documents,
            all -> all.stream().distinct().count() == 1);
    try (NodeEditor newcomer = newcomer(99)) {
      newcomer.join();
      assertThat(newcomer.document()).as("seed %d", SEED).isEqualTo(documents.getFirst());
    }
    return documents.getFirst();
  }

  private interface Look<T> {
    T look() throws Exception;
  }

  /// Looks again until it is right, for at most 20 s.
  private static <T> T waitUntil(String what, Look<T> look, Predicate<T> right) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      T found = look.look();
      if (right.test(found)) {
        return found;
      }
      if (System.nanoTime() > until) {
        throw new AssertionError("waited 20 s for %s, but found %s".formatted(what, found));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private List<Document> documents() throws Exception {
    List<Document> documents = new ArrayList<>();
    for (NodeEditor editor : editors) {
      documents.add(editor.document());
    }
    return documents;
  }

  private static Map<String, Integer> clocks(Document document) {
    Map<String, Integer> clocks = new TreeMap<>();
    document.clocks().properties().forEach(e -> clocks.put(e.getKey(), e.getValue().asInt()));
    return clocks;
  }

  /// The entity tag of the document's room.
  private String version() throws IOException {
    try (RawWebSocket wire = RawWebSocket.dial(server.port())) {
      String request = "GET /rooms/collab/notes/of%20three HTTP/1.1\r\nHost: localhost\r\n\r\n";
      wire.bytes(request.getBytes(StandardCharsets.UTF_8));
      RawWebSocket.Head head = wire.head();
      assertThat(head.status()).as(wire.body(head)).isEqualTo(200);
      return head.header("etag").orElseThrow();
    }
  }

  /// Size and time of all files below the data folder.
  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(plan.data())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.size(file) + " bytes, " + Files.getLastModifiedTime(file));
      }
    }
    return files;
  }
}
