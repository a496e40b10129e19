package dev.dormouse.server.services;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Where a service is, and what is asked of it at which address.
final class ServiceAddress {
  private final String base;

  /// @throws IllegalArgumentException if it cannot be one; the message does not repeat it, since it
  ///   may hold a password
  ServiceAddress(URI base) {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("a service's address begins with http:// or https://");
    }
    if (base.getHost() == null) {
      throw new IllegalArgumentException("a service's address names a host");
    }
    if (base.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "a service's address holds no user and password: they would be shown with it. Set the"
              + " environment variable of the service instead, see the setting 'service'");
    }
    if (base.getRawQuery() != null || base.getRawFragment() != null) {
      throw new IllegalArgumentException("a service's address has no query and no fragment");
    }
    String text = base.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /// The environment variable with the credentials for a service.
  static String variable(String service) {
    return "DORMOUSE_SERVICE_"
        + service.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
        + "_AUTHORIZATION";
  }

  URI of(String... path) {
    StringBuilder address = new StringBuilder(base);
    for (String part : path) {
      // The encoder is one of forms, where a space is a plus.
      String encoded = URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
      address.append('/').append(encoded);
    }
    return URI.create(address.toString());
  }

  @Override
  public String toString() {
    return base;
  }
}
