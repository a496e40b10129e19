package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a gate is made of.
///
/// @param secrets a file with secrets; empty for none
/// @param keys a file, or an address, of a JSON Web Key Set; empty for none
/// @param issuer see [Tokens.Rules]
/// @param audiences see [Tokens.Rules]
/// @param skew see [Tokens.Rules]
/// @param claim see [Tokens.Rules]
/// @param refresh how old keys may get before they are read again
/// @param revoked a file, see [Revoked]; empty for none
/// @param anonymous what those may do who show no token
public record GateSettings(
    String secrets,
    String keys,
    String issuer,
    List<String> audiences,
    Duration skew,
    String claim,
    Duration refresh,
    String revoked,
    Grants anonymous) {
  private static final Logger LOG = LoggerFactory.getLogger(GateSettings.class);

  /// The gate; one that stands open if there are neither secrets nor keys.
  ///
  /// @throws IOException if a file cannot be used; keys that are fetched may come later
  /// @throws IllegalArgumentException if the keys' address cannot be trusted, or somebody without a
  ///   token is granted something at an open gate
  public Gate gate(Execution execution) throws IOException {
    List<Keys> all = new ArrayList<>();
    if (!secrets.isEmpty()) {
      all.add(file("the secrets", secrets, KeyFiles.secrets(Path.of(secrets)), execution));
    }
    if (isAddress()) {
      all.add(fetched(execution));
    } else if (!keys.isEmpty()) {
      all.add(file("the keys", keys, KeyFiles.document(Path.of(keys)), execution));
    }
    if (all.isEmpty()) {
      if (!anonymous.all().isEmpty()) {
        throw new IllegalArgumentException(
            "there are neither secrets nor keys, so everybody may do everything");
      }
      if (!revoked.isEmpty()) {
        throw new IllegalArgumentException(
            "there are neither secrets nor keys, so no token could be revoked");
      }
      return Gate.open();
    }
    return new Gate(
        new Tokens(
            all,
            new Tokens.Rules(issuer, audiences, skew, claim),
            revoked.isEmpty() ? null : revoked(execution),
            execution),
        anonymous);
  }

  private Revoked revoked(Execution execution) throws IOException {
    try {
      return new Revoked(Path.of(revoked), execution);
    } catch (IOException e) {
      throw new IOException(
          "the revoked tokens in %s cannot be read: %s".formatted(revoked, e.getMessage()), e);
    }
  }

  private boolean isAddress() {
    String lower = keys.toLowerCase(Locale.ROOT);
    return lower.startsWith("https:") || lower.startsWith("http:");
  }

  private Keys file(String what, String path, KeySource source, Execution execution)
      throws IOException {
    Keys read = new Keys(path, source, refresh, execution);
    try {
      read.open();
    } catch (IOException e) {
      throw new IOException("%s in %s cannot be used: %s".formatted(what, path, e.getMessage()), e);
    }
    return read;
  }

  private Keys fetched(Execution execution) {
    try {
      Keys read = new Keys(keys, new KeyAddress(new URI(keys)), refresh, execution);
      try {
        read.open();
      } catch (IOException e) {
        LOG.warn("the keys for tokens cannot be fetched yet from {}: {}", keys, e.getMessage());
      }
      return read;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + keys + "' is no address", e);
    }
  }
}
