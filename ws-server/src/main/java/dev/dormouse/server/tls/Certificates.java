package dev.dormouse.server.tls;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's certificate, taken anew whenever its files change: new connections get the new one,
/// those that are open stay. If the files cannot be used, what was there last stays, and the log
/// says why.
public final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final CertificateFiles files;
  private final Execution execution;
  private final SslContextFactory.Server context = new SslContextFactory.Server();

  /// For one look after the other.
  private volatile List<FileTime> seen;

  private volatile boolean stopped;

  /// Reads the files.
  ///
  /// @throws IOException if they cannot be used
  public Certificates(CertificateFiles files, Execution execution) throws IOException {
    this.files = files;
    this.execution = execution;
    // Before they are read: a change in between is seen at the next look.
    this.seen = files.version();
    use(context, files.read());
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  private static void use(SslContextFactory.Server context, KeyStore store) {
    context.setKeyStore(store);
    context.setKeyStorePassword(CertificateFiles.IN_MEMORY);
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
        seen = now;
        KeyStore fresh = files.read();
        context.reload(changed -> use((SslContextFactory.Server) changed, fresh));
        LOG.info("the certificate in {} was taken anew", files.certificate());
      }
    } catch (Exception e) {
      LOG.warn("the new certificate is not used, the one before stays: {}", e.getMessage());
    } finally {
      watch();
    }
  }
}
