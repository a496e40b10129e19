package dev.dormouse.server.cli;

import dev.dormouse.storage.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file `admin` in a data folder: where the admin port of the server is that has it open, so
/// that commands find it. It may be left by a process that was killed; the folder's lock says
/// whether one runs.
public final class AdminNote implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminNote.class);
  private static final String FILE = "admin";

  private final Path file;

  private AdminNote(Path file) {
    this.file = file;
  }

  /// Writes the note, or takes an old one away where there is no such port.
  ///
  /// @param port negative for none
  public static AdminNote write(Path data, int port) {
    AdminNote note = new AdminNote(data.resolve(FILE));
    if (port < 0) {
      note.close();
      return note;
    }
    try {
      OwnerOnly.makeFile(note.file);
      Files.writeString(note.file, "http://127.0.0.1:" + port + "\n");
    } catch (IOException e) {
      LOG.warn("{} was not written: commands need --admin {}", note.file, port, e);
    }
    return note;
  }

  /// Where the admin port is, according to the note.
  static Optional<URI> read(Path data) throws IOException {
    Path file = data.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(URI.create(Files.readString(file).strip()))
        : Optional.empty();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted; nobody is misled by it", file, e);
    }
  }
}
