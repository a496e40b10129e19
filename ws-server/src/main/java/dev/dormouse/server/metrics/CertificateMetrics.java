package dev.dormouse.server.metrics;

import dev.dormouse.server.tls.Certificates;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Whether the certificate of a server that speaks TLS lasts, and whether the next one can be used.
final class CertificateMetrics {
  private CertificateMetrics() {}

  static void register(Meters meters, Optional<Certificates> certificates) {
    meters.gauge(
        "certificate.not.after.seconds",
        "When the certificate in use ends, in seconds since 1970; NaN without TLS",
        () -> certificates.map(it -> (double) it.notAfter().getEpochSecond()).orElse(Double.NaN));
    meters.counted(
        "certificate.reloads.failed",
        "Looks, one every two seconds, that found files which could not be used",
        certificates.map(Certificates::failures).orElseGet(LongAdder::new));
  }
}
