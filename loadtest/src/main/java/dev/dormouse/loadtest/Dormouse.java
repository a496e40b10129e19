package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts our server as anyone would: through the script in the checkout, which becomes the
/// server's own process.
///
/// @param checkout the folder with `dormouse` in it
/// @param work where data folders and logs go; on the disk that is to be measured
/// @param settings further ones
record Dormouse(Path checkout, Path work, List<String> settings) implements Contender.Launch {
  static final String NAME = "Dormouse";

  /// The same without limits on what clients say, so that nothing is metered.
  static final String UNLIMITED = "Dormouse without limits";

  static final List<String> NO_LIMITS =
      List.of(
          "--message-rate=0",
          "--byte-rate=0",
          "--message-rate-per-address=0",
          "--byte-rate-per-address=0",
          "--message-rate-per-user=0",
          "--byte-rate-per-user=0",
          "--handshake-rate=0",
          "--clients-per-user=0");

  @Override
  public Descriptors descriptors() {
    return Descriptors.ONE;
  }

  @Override
  public ServerProcess start() throws IOException {
    URI address = ServerProcess.freeAddress();
    Path data = work.resolve("dormouse-" + address.getPort());
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            checkout.resolve("dormouse").toString(),
            "serve",
            "--port=0",
            "--bench=" + address.getPort(),
            "--data=" + data,
            "--log-level=warn"));
    command.addAll(settings);
    return ServerProcess.start(
        command,
        address,
        data,
        work.resolve(settings.isEmpty() ? "dormouse.log" : "dormouse-other.log"));
  }
}
