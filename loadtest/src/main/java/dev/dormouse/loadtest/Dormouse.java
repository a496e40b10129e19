package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// Starts our server as anyone would: through the script in the checkout, which becomes the
/// server's own process.
///
/// @param checkout the folder with `dormouse` in it
/// @param work where data folders and logs go; on the disk that is to be measured
record Dormouse(Path checkout, Path work) implements Contender.Launch {
  static final String NAME = "Dormouse";

  @Override
  public Descriptors descriptors() {
    return Descriptors.ONE;
  }

  @Override
  public ServerProcess start() throws IOException {
    URI address = ServerProcess.freeAddress();
    Path data = work.resolve("dormouse-" + address.getPort());
    List<String> command =
        List.of(
            checkout.resolve("dormouse").toString(),
            "serve",
            "--port=0",
            "--bench=" + address.getPort(),
            "--data=" + data,
            "--log-level=warn");
    return ServerProcess.start(command, address, data, work.resolve("dormouse.log"));
  }
}
