package dev.dormouse.server.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is in a backup. A folder without it is no backup: it is written last, as a whole.
///
/// @param format of the data folder that it was made of
/// @param shards how many shard files that has
/// @param version of the server that made it
/// @param moment as of which everything is
/// @param heldMicros for how long nothing became durable so that there was such a moment
/// @param files all others of the backup
public record Manifest(
    int format, int shards, String version, Instant moment, long heldMicros, List<Entry> files) {
  /// Its name in the backup's folder.
  public static final String FILE = "manifest.json";

  /// The shape of this file itself.
  private static final int SHAPE = 1;

  private static final String WHAT = "dormouse backup";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One file.
  ///
  /// @param name its path below the backup's folder, with slashes
  /// @param sha256 in hexadecimal
  public record Entry(String name, long bytes, String sha256) {}

  public Manifest {
    files = List.copyOf(files);
  }

  /// How much all files take.
  public long bytes() {
    return files.stream().mapToLong(Entry::bytes).sum();
  }

  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("what", WHAT).put("shape", SHAPE).put("format", format).put("shardFiles", shards);
    json.put("version", version).put("moment", moment.toString()).put("heldMicros", heldMicros);
    for (Entry file : files) {
      json.withArray("files")
          .addObject()
          .put("name", file.name())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    return json;
  }

  /// As it lies in the backup.
  public String text() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  /// Reads the manifest of a backup.
  ///
  /// @throws IOException if there is none, or none that this version understands; says so
  public static Manifest read(Path backup) throws IOException {
    Path file = backup.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          backup
              + " is no whole backup: it has no "
              + FILE
              + ", which is written last; a backup that was cut short is of no use");
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (!json.path("what").asText().equals(WHAT) || json.path("shape").asInt() < 1) {
        throw new IOException(file + " is not the manifest of a Dormouse backup");
      }
      if (json.path("shape").asInt() > SHAPE) {
        throw new IOException(
            file + " was written by a newer version (" + json.path("version").asText() + ")");
      }
      List<Entry> files = new ArrayList<>();
      for (JsonNode each : json.path("files")) {
        files.add(
            new Entry(
                each.path("name").asText(),
                each.path("bytes").asLong(-1),
                each.path("sha256").asText()));
      }
      return new Manifest(
          json.path("format").asInt(),
          json.path("shardFiles").asInt(),
          json.path("version").asText(),
          Instant.parse(json.path("moment").asText()),
          json.path("heldMicros").asLong(),
          files);
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }
}
