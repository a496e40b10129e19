package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.server.backup.BackupOffice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the admin port that makes backups.
record AdminBackups(BackupOffice office) {
  private static final Logger LOG = LoggerFactory.getLogger(AdminBackups.class);
  private static final long USUAL_MIB = 64;

  /// How the last one stands.
  ObjectNode state() {
    ObjectNode json = Problem.JSON.createObjectNode();
    switch (office.state()) {
      case null -> json.put("state", "none");
      case BackupOffice.State.Running(Path folder) ->
          json.put("state", "running").put("folder", folder.toString());
      case BackupOffice.State.Failed(Path folder, String why) ->
          json.put("state", "failed").put("folder", folder.toString()).put("why", why);
      case BackupOffice.State.Done(Path folder, var manifest) ->
          json.put("state", "done")
              .put("folder", folder.toString())
              .put("moment", manifest.moment().toString())
              .put("heldMicros", manifest.heldMicros())
              .put("files", manifest.files().size())
              .put("bytes", manifest.bytes());
    }
    return json;
  }

  /// Begins one; 202 with its state.
  void begin(Answer answer) {
    Request request = answer.request();
    OrderBody body = OrderBody.of(request, Set.of("actor", "to", "rate"));
    Path to;
    try {
      to = Path.of(body.text("to"));
    } catch (InvalidPathException e) {
      throw Parameters.bad("'to' is a folder's path: " + e.getMessage());
    }
    if (!to.isAbsolute()) {
      throw Parameters.bad("'to' is an absolute path, on the server's machine");
    }
    long mib = body.number("rate").orElse(USUAL_MIB);
    String actor = body.actor();
    if (!office.start(to, mib << 20)) {
      throw Problem.of(409, "refused", "a backup is being made, or the server stops").found();
    }
    LOG.info("{} began a backup in {}", actor, to);
    answer.json(202, state());
  }
}
