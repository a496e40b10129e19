package dev.dormouse.loadtest.simulations;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/// Gatling tells its makers of each run, warms up at their site, and looks for a newer version of
/// itself. None of it may happen here.
final class Offline {
  private Offline() {}

  /// @throws IllegalStateException unless all of it is switched off
  static void check() {
    Config config =
        ConfigFactory.systemProperties()
            .withFallback(ConfigFactory.parseResources("gatling.conf"))
            .withFallback(ConfigFactory.parseResources("gatling-defaults.conf"));
    require(!config.getBoolean("gatling.data.enableAnalytics"), "gatling.data.enableAnalytics");
    require(config.getString("gatling.http.warmUpUrl").isEmpty(), "gatling.http.warmUpUrl");
    // The look for a newer version has no switch: a proxy that is not there stops it.
    require("127.0.0.1".equals(System.getProperty("https.proxyHost")), "https.proxyHost");
    require("9".equals(System.getProperty("https.proxyPort")), "https.proxyPort");
  }

  private static void require(boolean off, String setting) {
    if (!off) {
      throw new IllegalStateException(
          setting + " would let Gatling contact its makers; run it as loadtest/README.md says");
    }
  }
}
