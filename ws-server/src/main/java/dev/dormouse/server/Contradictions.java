package dev.dormouse.server;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Settings of which each could be and which make no sense together: somebody has forgotten one,
/// and would be less safe than he believes, or look for a fault where there is none.
final class Contradictions {
  private static final List<Setting> PORTS = List.of(Setting.PORT, Setting.BENCH, Setting.ADMIN);

  private Contradictions() {}

  /// @throws StartException that names what does not fit, and what to do
  static void check(ServerSettings settings) {
    for (Setting part : List.of(Setting.TLS_KEY, Setting.TLS_PASSWORD)) {
      if (!settings.text(part).isEmpty() && settings.text(Setting.TLS_CERTIFICATE).isEmpty()) {
        throw new StartException(
            "'%s' is set and 'tls-certificate' is not, so nobody could be spoken to by TLS: name the"
                    .formatted(part.key())
                + " certificate, or leave both out");
      }
    }
    boolean asks =
        !settings.text(Setting.ACCESS_SECRET).isEmpty()
            || !settings.text(Setting.ACCESS_KEYS).isEmpty();
    for (Setting rule : List.of(Setting.ACCESS_ISSUER, Setting.ACCESS_AUDIENCE)) {
      if (!asks && !settings.text(rule).isEmpty()) {
        throw new StartException(
            ("'%s' is set, but neither 'access-keys' nor 'access-secret', so nobody's token would be"
                    + " looked at and everybody could do everything: name the keys")
                .formatted(rule.key()));
      }
    }
    Map<Setting, Integer> ports = new EnumMap<>(Setting.class);
    for (Setting setting : PORTS) {
      int port = settings.port(setting).orElse(0);
      for (var other : ports.entrySet()) {
        if (port != 0 && port == other.getValue()) {
          throw new StartException(
              "'%s' and '%s' are both %d: each port needs a number of its own"
                  .formatted(other.getKey().key(), setting.key(), port));
        }
      }
      ports.put(setting, port);
    }
  }
}
