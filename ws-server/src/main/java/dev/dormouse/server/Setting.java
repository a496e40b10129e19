package dev.dormouse.server;

import java.util.Locale;

/// Every setting of the server, with its default, unit and reason: the one place that says so.
/// Flags, environment, file and `docs/settings.md` all follow from it.
public enum Setting {
  HOST(
      "host",
      "127.0.0.1",
      Kind.TEXT,
      "",
      "The address to bind to. Loopback, so that nobody else reaches a server that was just tried"
          + " out; `0.0.0.0` or `::` for all."),
  PORT("port", "8420", Kind.PORT, "", "The port to listen on; `0` takes a free one and prints it."),
  DATA(
      "data",
      "dormouse-data",
      Kind.TEXT,
      "",
      "The folder that holds everything stored; made if it is not there. Nothing is written outside"
          + " it."),
  ROOMS(
      "rooms",
      "",
      Kind.LIST,
      "",
      "Jars, or folders of jars, with rooms of your own; separated by commas. Rooms on the class"
          + " path are there anyway."),
  SERVICE(
      "service",
      "",
      Kind.LIST,
      "",
      "Services outside that steps of sagas call over HTTP, each as `name=address`, separated by"
          + " commas. What one wants to see as `Authorization` is taken from the environment,"
          + " `DORMOUSE_SERVICE_{NAME}_AUTHORIZATION`, and from nowhere else."),
  ORIGIN(
      "origin",
      "",
      Kind.LIST,
      "",
      "Further origins whose pages may talk to this server, such as `https://app.example`,"
          + " separated by commas; `*` for all. Pages of the server's own host always may."),
  HOSTS(
      "hosts",
      "",
      Kind.LIST,
      "",
      "Further names by which the server is addressed (the `Host` header), separated by commas; `*`"
          + " for any. On a loopback address, and where no tokens are asked for, only `localhost` and"
          + " numeric addresses are taken without it, which keeps other people's names from being"
          + " pointed here."),
  TLS_CERTIFICATE(
      "tls-certificate",
      "",
      Kind.TEXT,
      "",
      "A file with the server's certificate and its chain in PEM, or in PKCS#12 with its key: the port"
          + " then speaks TLS. The files are read again when they change. Sockets with TLS are never"
          + " parked; for many idle ones put a proxy in front that speaks it."),
  TLS_KEY(
      "tls-key",
      "",
      Kind.TEXT,
      "",
      "A file with the certificate's key in PEM (PKCS#8). Not needed with PKCS#12."),
  TLS_PASSWORD(
      "tls-password",
      "",
      Kind.TEXT,
      "",
      "A file with the password of the PKCS#12 file, if it has one."),
  ACCESS_SECRET(
      "access-secret",
      "",
      Kind.TEXT,
      "",
      "A file with the secret that tokens are signed with by HS256, of 32 bytes at least; several"
          + " lines are several secrets, all of which count. With it, or with `access-keys`, clients"
          + " need a token; see docs/security.md."),
  ACCESS_KEYS(
      "access-keys",
      "",
      Kind.TEXT,
      "",
      "The public keys of tokens (RS256, ES256, EdDSA) as a JSON Web Key Set: a file, or an address"
          + " over https (over http from this machine)."),
  ACCESS_ISSUER(
      "access-issuer",
      "",
      Kind.TEXT,
      "",
      "What a token's `iss` must be. Unless set, anybody's is taken whose key is known."),
  ACCESS_AUDIENCE(
      "access-audience",
      "",
      Kind.LIST,
      "",
      "What a token's `aud` must name, one of these at least, separated by commas. Unless set, a"
          + " token that names anybody is for somebody else and refused."),
  ACCESS_CLAIM(
      "access-claim",
      "dormouse",
      Kind.TEXT,
      "",
      "The claim of a token that holds its grants, such as `read:collab/**`: a list, or a text with"
          + " spaces in between, so that `scope` will do."),
  ACCESS_SKEW(
      "access-skew",
      "30",
      Kind.NUMBER,
      "seconds",
      "How far the clocks of this machine and of whoever signs tokens may be apart. As much as"
          + " machines are that set theirs by the network now and then."),
  ACCESS_REFRESH(
      "access-refresh",
      "300",
      Kind.NUMBER,
      "seconds",
      "How old secrets and keys get before they are read again; how long a key counts after it was"
          + " taken out. For a token that names an unknown key they are read at once, every ten"
          + " seconds at most."),
  ACCESS_REVOKED(
      "access-revoked",
      "",
      Kind.TEXT,
      "",
      "A file with tokens that count no more though they have not ended, on each line `jti` and a"
          + " token's id, or `sub` and a person's name. It is looked at every two seconds, and open"
          + " connections by such tokens are closed."),
  ANONYMOUS(
      "anonymous",
      "",
      Kind.LIST,
      "",
      "What all clients may do, whether they show a token or not, as grants separated by commas,"
          + " such as `read:collab/public/**`. Nothing unless set; where no tokens are asked for,"
          + " everybody may do everything."),
  OPEN(
      "open",
      "no",
      Kind.SWITCH,
      "",
      "`yes` lets a server that asks for no tokens bind to more than loopback, where everybody who"
          + " reaches it may do everything: for a network that somebody else guards. Otherwise it"
          + " does not start so."),
  BENCH(
      "bench",
      "",
      Kind.PORT,
      "",
      "A second port, on loopback, that offers the bench room's paths at its root. Off unless"
          + " set."),
  ADMIN(
      "admin",
      "",
      Kind.PORT,
      "",
      "A port for the inspector, which shows rooms, puts them to sleep and wakes them; `0` takes a"
          + " free one. Always on loopback, whatever `host` is, and never without a token"
          + " (`admin-token`). Off unless set."),
  ADMIN_TOKEN(
      "admin-token",
      "",
      Kind.TEXT,
      "",
      "A file with the token that the inspector's port wants to see, of 32 characters at least."
          + " Unless set, `admin-token` in the data folder, which is made, for its owner only, when"
          + " the port is opened for the first time."),
  DRAIN(
      "drain",
      "30",
      Kind.NUMBER,
      "seconds",
      "How long a stop waits for work that has begun before it interrupts it. As long as one turn"
          + " may take."),
  CLOSING(
      "closing",
      "5",
      Kind.NUMBER,
      "seconds",
      "How long a client has to answer a close frame before its socket is cut. Generous for a slow"
          + " network, short enough for a stop."),
  OUTBOUND(
      "outbound",
      "1048576",
      Kind.NUMBER,
      "bytes",
      "How far a client may be behind with reading before its connection is closed with code 4000."
          + " A second of a fast stream; with many slow readers it bounds memory."),
  HEADERS(
      "headers",
      "16384",
      Kind.NUMBER,
      "bytes",
      "How large a request's line and headers may be together. Holds the longest name of a room,"
          + " percent-encoded."),
  IDLE(
      "idle",
      "30",
      Kind.NUMBER,
      "seconds",
      "How long a plain HTTP connection may say nothing before it is closed. WebSockets are never"
          + " closed for that."),
  CLIENTS(
      "clients",
      "0",
      Kind.NUMBER,
      "connections",
      "How many sockets may be open at once, parked ones included; further ones are answered 503"
          + " and closed. `0` takes what the process's limit of descriptors leaves after a reserve"
          + " of 400 and 3 for each of `sql-files`, or of a quarter for either where there are few;"
          + " but no more than one for each 1 KiB of the heap's most, 64 KiB with TLS, 16 KiB"
          + " without parking."
          + " The inspector's port is not counted, so that an operator gets in when nobody else"
          + " does."),
  CLIENTS_PER_ADDRESS(
      "clients-per-address",
      "0",
      Kind.NUMBER,
      "connections",
      "How many of them one address may have, or one network of 64 bits with IPv6; further ones are"
          + " answered 429. `0` takes half of `clients`: generous, since many people may share an"
          + " address, but nobody can take all."),
  CLIENTS_PER_USER(
      "clients-per-user",
      "1000",
      Kind.NUMBER,
      "connections",
      "How many WebSockets one user may have, as the `sub` of his tokens names him, from whatever"
          + " addresses; further ones are answered 429. Far more than a person has open; a program"
          + " that holds connections for many people wants more. `0` for any number. Tokens"
          + " without a `sub` are not counted."),
  PROXIES(
      "proxies",
      "127.0.0.0/8, ::1",
      Kind.LIST,
      "",
      "Addresses and networks for which `clients-per-address` does not hold, such as `10.0.0.7` or"
          + " `10.0.0.0/8`, separated by commas. A proxy makes all its clients one address,"
          + " unless it is named in `trusted-proxies`; loopback is where one on the same machine"
          + " is."),
  TRUSTED_PROXIES(
      "trusted-proxies",
      "",
      Kind.LIST,
      "",
      "Addresses and networks of proxies whose word counts for who their clients are: the rightmost"
          + " address of `X-Forwarded-For` that is not one of these. Limits of addresses then hold"
          + " for their clients, rooms and the inspector see them, and the proxies themselves have"
          + " no limit. Only for proxies that append to the header or set it anew, such as"
          + " `127.0.0.1`; see docs/operations.md. From anybody else the header is not read."),
  HANDSHAKES(
      "handshakes",
      "1024",
      Kind.NUMBER,
      "connections",
      "How many sockets may be waiting for the answer to their first request; further ones are"
          + " answered 503. `0` for any number. These cost the most memory and wake rooms; a"
          + " thousand is a second of clients that come back after a restart."),
  HANDSHAKE(
      "handshake",
      "10",
      Kind.NUMBER,
      "seconds",
      "How long a client may take for its first request's line and headers, counted from its"
          + " connecting, before it is cut off; `0` for any time. However slow a network is, a"
          + " kilobyte gets through in that time."),
  HANDSHAKE_RATE(
      "handshake-rate",
      "100",
      Kind.NUMBER,
      "connections a second",
      "How often one address may connect; beyond it, it is answered 429 and closed. Ten seconds'"
          + " worth may come at once, so that an office can come back after a restart. It holds for"
          + " handshakes of one user too. `0` for any number; not for `proxies`."),
  MESSAGE_RATE(
      "message-rate",
      "20000",
      Kind.NUMBER,
      "messages a second",
      "How many frames one WebSocket may send, pings and parts included; beyond it, it is not read"
          + " for a moment, and nothing is lost. Two seconds' worth may come at once. Far more than"
          + " people cause; a program that waits for each answer hardly gets there. `0` for any"
          + " number."),
  BYTE_RATE(
      "byte-rate",
      "33554432",
      Kind.NUMBER,
      "bytes a second",
      "How much one WebSocket may send; as above. `0` for any amount."),
  MESSAGE_RATE_PER_ADDRESS(
      "message-rate-per-address",
      "50000",
      Kind.NUMBER,
      "messages a second",
      "How many frames and requests all clients of one address may send together, or one network of"
          + " 64 bits with IPv6: beyond it their WebSockets are not read for a moment, their"
          + " requests answered 429. An office of a thousand stays far below. `0` for any number;"
          + " not for `proxies`."),
  BYTE_RATE_PER_ADDRESS(
      "byte-rate-per-address",
      "67108864",
      Kind.NUMBER,
      "bytes a second",
      "How much all clients of one address may send; as above. `0` for any amount."),
  MESSAGE_RATE_PER_USER(
      "message-rate-per-user",
      "20000",
      Kind.NUMBER,
      "messages a second",
      "How many frames and requests one user may send, wherever he is: as with"
          + " `message-rate-per-address`. Who shows no token is one with his address. `0` for any"
          + " number."),
  BYTE_RATE_PER_USER(
      "byte-rate-per-user",
      "33554432",
      Kind.NUMBER,
      "bytes a second",
      "How much one user may send; as above. `0` for any amount."),
  AWAKE_ROOMS(
      "awake-rooms",
      "0",
      Kind.NUMBER,
      "rooms",
      "How many rooms may be in memory before requests and upgrades to further ones are answered"
          + " 503; from half of it on, rooms fall asleep in a tenth of their idle time. `0` takes one"
          + " for each 16 KiB of the heap's most, which is what small rooms take with all that"
          + " belongs to them."),
  AWAKE_MEMORY(
      "awake-memory",
      "0",
      Kind.BYTES,
      "bytes",
      "How much rooms that are awake may take of the heap together, as reckoned from what is read of"
          + " their state and what they say that they hold. Beyond it those that are idle fall asleep"
          + " at once, and large ones that are to wake wait: after 5 s, requests and upgrades to them"
          + " are answered 503. Small ones, and changes of those that are awake, have a quarter more."
          + " From half of it on, rooms fall asleep in a tenth of their idle time. At least 16 MiB;"
          + " `0` takes half of the heap's most."),
  ROOM_BYTES(
      "room-bytes",
      "",
      Kind.LIST,
      "bytes",
      "How much one room may have stored, keys and values together: a number for all namespaces,"
          + " `name=number` for one, separated by commas. Beyond it writes are refused, and what is"
          + " there can be read, deleted and made smaller. Unless set, what each namespace declares:"
          + " 1 GiB (`RoomLimits.storedBytes`)."),
  ROOM_KEYS(
      "room-keys",
      "",
      Kind.LIST,
      "keys",
      "How many keys one room may have; as above. Unless set, 1,000,000"
          + " (`RoomLimits.storedKeys`)."),
  QUEUE_MEMORY(
      "queue-memory",
      "0",
      Kind.BYTES,
      "bytes",
      "How much may wait in memory for all clients together, be it on its way in or out; beyond it"
          + " the server takes less: rooms are not read while they have work, clients may be behind"
          + " by a sixteenth of `outbound`, messages of more than 64 KiB are closed with 1013, in"
          + " either direction, bodies and answers become 503. At half as much again nothing that is"
          + " not whole may grow, and those with the most unfinished are cut off."
          + " `0` takes a quarter of the heap's most."),
  SELECTORS(
      "selectors",
      "0",
      Kind.NUMBER,
      "threads",
      "How many threads read sockets; `0` takes half as many as there are processors, since rooms"
          + " and storage need the others."),
  TRANSPORT(
      "transport",
      "auto",
      Kind.TEXT,
      "",
      "`epoll` reads sockets by system calls of Linux, `nio` by the JDK's channels, `auto` by the"
          + " first where it works and else by the second. Idle connections are parked on both; of"
          + " one that is, `nio` keeps some hundred bytes more."),
  PARK(
      "park",
      "3",
      Kind.NUMBER,
      "seconds",
      "How long a WebSocket says nothing before it is parked, which leaves hardly more of it than"
          + " its socket; `0` for never. Shorter costs processor time for coming back, longer"
          + " memory."),
  STORE_FILES(
      "store-files",
      "1",
      Kind.NUMBER,
      "files",
      "How many files the rooms' state is spread over, 1 to 8; fixed once the data folder is made."
          + " One stream of syncs is the fastest until it fills a processor."),
  SQL_FILES(
      "sql-files",
      "256",
      Kind.NUMBER,
      "files",
      "How many databases of rooms with SQL are open at once, at most; each takes 3 descriptors and"
          + " up to 1.2 MB. A room whose database is not open waits for one that rests to be"
          + " closed."),
  SQL_MEGABYTES(
      "sql-megabytes",
      "1024",
      Kind.NUMBER,
      "MiB",
      "How large the database of one room with SQL may become."),
  LOG(
      "log",
      "auto",
      Kind.TEXT,
      "",
      "`json` writes a JSON object a line, `text` lines for people, `auto` text on a terminal and"
          + " JSON elsewhere. Always to standard error."),
  LOG_LEVEL(
      "log-level",
      "info",
      Kind.TEXT,
      "",
      "The least severe level that is written: `error`, `warn`, `info`, `debug` or `trace`.");

  /// What a value may look like.
  enum Kind {
    TEXT,
    LIST,
    NUMBER,
    /// A number that may be larger.
    BYTES,
    PORT,
    /// `yes` or `no`; as a flag its name alone means yes.
    SWITCH
  }

  private final String key;
  private final String byDefault;
  private final Kind kind;
  private final String unit;
  private final String reason;

  Setting(String key, String byDefault, Kind kind, String unit, String reason) {
    this.key = key;
    this.byDefault = byDefault;
    this.kind = kind;
    this.unit = unit;
    this.reason = reason;
  }

  /// Its name in the file; as a flag it follows two hyphens.
  public String key() {
    return key;
  }

  /// Its name in the environment.
  public String variable() {
    return "DORMOUSE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /// The value if nothing else is said; empty for none.
  public String byDefault() {
    return byDefault;
  }

  Kind kind() {
    return kind;
  }

  /// What a number counts; empty for what is no number.
  public String unit() {
    return unit;
  }

  /// What it does, and why the default is what it is.
  public String reason() {
    return reason;
  }
}
