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
public record Dormouse(Path checkout, Path work, List<String> settings)
    implements Contender.Launch {
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

  /// The command that serves a folder, on loopback.
  ///
  /// @param port the main one; 0 for any
  /// @param bench where it offers the bench contract
  /// @return a list that settings can be added to
  public static List<String> serve(Path checkout, int port, URI bench, Path data) {
    return new ArrayList<>(
        List.of(
            checkout.resolve("dormouse").toString(),
            "serve",
            "--port=" + port,
            "--bench=" + bench.getPort(),
            "--data=" + data,
            "--log-level=warn"));
  }

  @Override
  public Descriptors descriptors() {
    return Descriptors.ONE;
  }

  @Override
  public ServerProcess start() throws IOException {
    URI address = ServerProcess.freeAddress();
    Path data = work.resolve("dormouse-" + address.getPort());
    List<String> command = serve(checkout, 0, address, data);
    command.addAll(settings);
    return ServerProcess.start(
        command,
        address,
        data,
        work.resolve(settings.isEmpty() ? "dormouse.log" : "dormouse-other.log"));
  }
}
