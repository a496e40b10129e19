package dev.dormouse.server.tls;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's certificate, taken anew whenever its files change: new connections get the new one,
/// those that are open stay. If the files cannot be used, what was there last stays, the log says
/// why, and every look tries again.
public final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final CertificateFiles files;
  private final Execution execution;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final LongAdder failures = new LongAdder();

  /// For one look after the other.
  private volatile List<FileTime> seen;

  /// Why the files could not be used at the last look; empty if they could. For one look after the
  /// other.
  private volatile String trouble = "";

  /// Until when the certificate in use counts; written by one look after the other.
  private volatile Instant notAfter;

  private volatile boolean stopped;

  /// Reads the files.
  ///
  /// @throws IOException if they cannot be used
  public Certificates(CertificateFiles files, Execution execution) throws IOException {
    this.files = files;
    this.execution = execution;
    // Before they are read: a change in between is seen at the next look.
    this.seen = files.version();
    KeyStore store = files.read();
    use(context, store);
    notAfter = notAfter(store);
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  private static void use(SslContextFactory.Server context, KeyStore store) {
    context.setKeyStore(store);
    context.setKeyStorePassword(CertificateFiles.IN_MEMORY);
  }

  private static Instant notAfter(KeyStore store) throws IOException {
    try {
      return store.getCertificate(CertificateFiles.ALIAS) instanceof X509Certificate own
          ? own.getNotAfter().toInstant()
          : Instant.MAX;
    } catch (KeyStoreException e) {
      throw new IOException(e);
    }
  }

  /// Until when the certificate in use counts.
  public Instant notAfter() {
    return notAfter;
  }

  /// How many looks found files that could not be used.
  public LongAdder failures() {
    return failures;
  }

  /// What Jetty asks.
  public SslContextFactory.Server context() {
    return context;
  }

  /// Begins to look for changes.
  public void watch() {
    if (!stopped) {
      execution.schedule(LOOK, () -> execution.start("certificates", this::look));
    }
  }

  public void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    try {
      List<FileTime> now = files.version();
      if (!now.equals(seen)) {
        KeyStore fresh = files.read();
        context.reload(changed -> use((SslContextFactory.Server) changed, fresh));
        notAfter = notAfter(fresh);
        // Not before: what could not be read is read again, even if the files stay as they are.
        seen = now;
        LOG.info(
            "the certificate in {} was taken anew, it ends at {}", files.certificate(), notAfter);
      }
      trouble = "";
    } catch (Exception e) {
      failures.increment();
      trouble(String.valueOf(e.getMessage()));
    } finally {
      watch();
    }
  }

  /// Says once that the files cannot be used.
  private void trouble(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      LOG.warn("the new certificate is not used, the one before stays: {}", why);
    }
  }
}
