package dev.dormouse.server.access;

import java.io.IOException;
import java.util.List;

/// Where keys come from.
@FunctionalInterface
interface KeySource {

  /// All keys that are there now; may block for some seconds.
  ///
  /// @throws IOException if they cannot be had or are no keys; says why
  List<SigningKey> read() throws IOException;
}
