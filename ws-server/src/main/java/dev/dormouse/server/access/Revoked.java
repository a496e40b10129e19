package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tokens that count no more though they have not ended, from a file: on each line `jti` and a
/// token's id, or `sub` and a person's name; lines that begin with `#` are comments.
///
/// The file is looked at every two seconds. While it cannot be read, what it held last counts on:
/// nobody is let in again because a file is gone.
public final class Revoked {
  /// The claim with a token's id.
  static final String ID = "jti";

  private static final String SUBJECT = "sub";
  private static final Logger LOG = LoggerFactory.getLogger(Revoked.class);

  /// How often the file is looked at.
  static final Duration LOOK = Duration.ofSeconds(2);

  private static final int MOST = 1 << 24;

  private final Path file;
  private final Execution execution;
  private volatile Listed listed;

  /// For one look after the other.
  private volatile @Nullable Version seen;

  /// Why the file could not be read at the last look; empty if it could.
  private volatile String trouble = "";

  private volatile boolean stopped;

  private record Version(FileTime at, long size, @Nullable Object key) {}

  /// @param tokens ids of tokens
  /// @param subjects names of persons
  public record Listed(Set<String> tokens, Set<String> subjects) {
    public Listed {
      tokens = Set.copyOf(tokens);
      subjects = Set.copyOf(subjects);
    }

    /// Whether a token is listed, by itself or by its person.
    boolean has(@Nullable String subject, Map<String, Object> claims) {
      return (subject != null && subjects.contains(subject))
          || (claims.get(ID) instanceof String id && tokens.contains(id));
    }
  }

  /// Reads the file.
  ///
  /// @throws IOException if it cannot be read, or a line of it is none
  Revoked(Path file, Execution execution) throws IOException {
    this.file = file;
    this.execution = execution;
    // Before it is read: a change in between is seen at the next look.
    this.seen = version();
    this.listed = read();
  }

  /// What is listed now.
  public Listed listed() {
    return listed;
  }

  /// Begins to look for changes.
  ///
  /// @param heard is given what is listed now, and then after each change; on a thread of its own
  public void watch(Consumer<Listed> heard) {
    heard.accept(listed);
    look(heard);
  }

  public void stop() {
    stopped = true;
  }

  private void look(Consumer<Listed> heard) {
    if (!stopped) {
      execution.schedule(LOOK, () -> execution.start("revocations", () -> lookNow(heard)));
    }
  }

  private void lookNow(Consumer<Listed> heard) {
    try {
      Version now = version();
      if (!now.equals(seen)) {
        Listed fresh = read();
        // Not before: what could not be read is read again, even if the file stays as it is.
        seen = now;
        listed = fresh;
        heard.accept(fresh);
        LOG.info(
            "{} tokens and {} persons are revoked, as {} says",
            fresh.tokens().size(),
            fresh.subjects().size(),
            file);
      }
      trouble = "";
    } catch (IOException | RuntimeException e) {
      trouble(String.valueOf(e.getMessage()));
    } finally {
      look(heard);
    }
  }

  /// Says once that the file cannot be read.
  private void trouble(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      LOG.warn(
          "the revoked tokens in {} cannot be read, those that were there count on: {}", file, why);
    }
  }

  private Version version() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  private Listed read() throws IOException {
    if (Files.size(file) > MOST) {
      throw new IOException("it is larger than " + MOST + " bytes");
    }
    Set<String> tokens = new HashSet<>();
    Set<String> subjects = new HashSet<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", 2);
      String kind = words.length < 2 ? "" : words[0];
      if (kind.equals(ID) && words[1].chars().noneMatch(Character::isWhitespace)) {
        tokens.add(words[1]);
      } else if (kind.equals(SUBJECT) && !words[1].contains(" #")) {
        subjects.add(words[1]);
      } else {
        // Not the line itself, which may be a token.
        throw new IOException(
            "line %d is neither `jti` and an id nor `sub` and a name; a comment has its own line"
                .formatted(i + 1));
      }
    }
    return new Listed(tokens, subjects);
  }
}
