package dev.dormouse.server;

import java.util.List;

/// Settings that one looks for together. Each setting is in one group; the help of the commands and
/// `docs/settings.md` follow them in this order.
enum SettingGroup {
  USUAL("The usual", Setting.HOST, Setting.PORT, Setting.DATA, Setting.ROOMS, Setting.SERVICE),
  OPERATIONS(
      "For whoever runs it",
      Setting.ADMIN,
      Setting.ADMIN_TOKEN,
      Setting.BENCH,
      Setting.DRAIN,
      Setting.CLOSING,
      Setting.LOG,
      Setting.LOG_LEVEL),
  ACCESS(
      "Who may do what",
      Setting.ACCESS_SECRET,
      Setting.ACCESS_KEYS,
      Setting.ACCESS_ISSUER,
      Setting.ACCESS_AUDIENCE,
      Setting.ACCESS_CLAIM,
      Setting.ACCESS_SKEW,
      Setting.ACCESS_REFRESH,
      Setting.ACCESS_REVOKED,
      Setting.ANONYMOUS,
      Setting.OPEN),
  SURFACE(
      "Names, origins, proxies and TLS",
      Setting.ORIGIN,
      Setting.HOSTS,
      Setting.PROXIES,
      Setting.TRUSTED_PROXIES,
      Setting.TLS_CERTIFICATE,
      Setting.TLS_KEY,
      Setting.TLS_PASSWORD),
  CLIENTS(
      "What clients may take",
      Setting.CLIENTS,
      Setting.CLIENTS_PER_ADDRESS,
      Setting.CLIENTS_PER_USER,
      Setting.HANDSHAKES,
      Setting.HANDSHAKE,
      Setting.HANDSHAKE_RATE,
      Setting.MESSAGE_RATE,
      Setting.BYTE_RATE,
      Setting.MESSAGE_RATE_PER_ADDRESS,
      Setting.BYTE_RATE_PER_ADDRESS,
      Setting.MESSAGE_RATE_PER_USER,
      Setting.BYTE_RATE_PER_USER,
      Setting.OUTBOUND,
      Setting.HEADERS,
      Setting.IDLE),
  STORAGE(
      "Storage",
      Setting.ROOM_BYTES,
      Setting.ROOM_KEYS,
      Setting.STORE_FILES,
      Setting.SQL_FILES,
      Setting.SQL_MEGABYTES),
  MACHINE(
      "Memory and sockets",
      Setting.AWAKE_ROOMS,
      Setting.AWAKE_MEMORY,
      Setting.QUEUE_MEMORY,
      Setting.SELECTORS,
      Setting.TRANSPORT,
      Setting.PARK);

  private final String title;

  // List.of is immutable, which the type does not say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Setting> settings;

  SettingGroup(String title, Setting... settings) {
    this.title = title;
    this.settings = List.of(settings);
  }

  /// A heading for people.
  String title() {
    return title;
  }

  /// Those that more people need stand first.
  List<Setting> settings() {
    return settings;
  }

  /// The tables for `docs/settings.md`.
  static String tables() {
    StringBuilder tables = new StringBuilder();
    for (SettingGroup group : values()) {
      tables.append(
          "## %s\n\n| flag, key | variable | default | meaning |\n|---|---|---|---|\n"
              .formatted(group.title));
      group.settings.forEach(setting -> tables.append(row(setting)));
      tables.append('\n');
    }
    return tables.toString();
  }

  private static String row(Setting setting) {
    String value = setting.byDefault().isEmpty() ? "–" : "`" + setting.byDefault() + "`";
    return "| `--%s`, `%s` | `%s` | %s%s | %s |\n"
        .formatted(
            setting.key(),
            setting.key(),
            setting.variable(),
            value,
            setting.unit().isEmpty() ? "" : " " + setting.unit(),
            setting.reason());
  }
}
