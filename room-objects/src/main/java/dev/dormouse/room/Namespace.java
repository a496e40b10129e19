package dev.dormouse.room;

import dev.dormouse.room.spi.Doorman;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The declaration of all rooms of one class: its name, how a room is built, what it may use.
///
/// The name is the identity of the rooms (I1): change the class behind it freely, never the name. A
/// jar offers its declarations through [NamespaceProvider].
///
/// @param name lower-case letters, digits and `-`, beginning with a letter, at most 64 characters
/// @param factory builds a room for each incarnation; must not use the context yet but keep it
/// @param calls the interfaces through which the rooms can be called
/// @param withSql whether the rooms' storage is an SQL database of their own (S4)
/// @param tables what makes their tables, see [Builder#withSql]
/// @param nonBlocking whether handlers promise never to block and never to wait, so that a turn may
///   run on the thread that read the message (T1)
/// @param publicStatus whether `/status` may tell anyone if a room sleeps
/// @param entry how clients get in, see [Entry]
/// @param limits what each room may use
/// @param memoryPerByte see [Builder#memoryPerByte]
/// @param doormen what can answer for the rooms without entering them, by name (C6)
/// @param pages static pages that come with the namespace
public record Namespace(
    String name,
    Function<RoomContext, ? extends Room> factory,
    List<Class<?>> calls,
    boolean withSql,
    List<String> tables,
    boolean nonBlocking,
    boolean publicStatus,
    Entry entry,
    RoomLimits limits,
    int memoryPerByte,
    Map<String, Doorman> doormen,
    List<Pages> pages) {

  private static final Pattern NAME = Pattern.compile("_?[a-z][a-z0-9-]{0,63}");

  public Namespace {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a namespace's name is made of a-z, 0-9 and '-', begins with a letter and has at most 64"
              + " characters: '"
              + name
              + "'");
    }
    for (Class<?> type : calls) {
      if (!type.isInterface()) {
        throw new IllegalArgumentException(type.getName() + " is called but is no interface");
      }
    }
    if (withSql && nonBlocking) {
      throw new IllegalArgumentException(
          "namespace '"
              + name
              + "' is declared withSql() and nonBlocking(): a statement waits for its file");
    }
    calls = List.copyOf(calls);
    tables = List.copyOf(tables);
    doormen = Map.copyOf(doormen);
    pages = List.copyOf(pages);
  }

  /// @throws IllegalArgumentException if the name cannot be one
  public static Builder named(String name, Function<RoomContext, ? extends Room> factory) {
    if (name.startsWith("_")) {
      throw new IllegalArgumentException(
          "a namespace's name begins with a letter; '_' is for the server's own: '" + name + "'");
    }
    return new Builder(name, factory);
  }

  /// A namespace of the server's own, whose rooms clients cannot reach: its name is `_` and a name.
  public static Builder system(String name, Function<RoomContext, ? extends Room> factory) {
    if (!name.startsWith("_")) {
      throw new IllegalArgumentException(
          "a system namespace's name begins with '_': '" + name + "'");
    }
    return new Builder(name, factory);
  }

  /// The same with other limits.
  public Namespace with(RoomLimits other) {
    return new Namespace(
        name,
        factory,
        calls,
        withSql,
        tables,
        nonBlocking,
        publicStatus,
        entry,
        other,
        memoryPerByte,
        doormen,
        pages);
  }

  /// Whether the namespace is the server's own: out of reach for clients.
  public boolean isSystem() {
    return name.startsWith("_");
  }

  /// How clients get in, on a server that asks who they are.
  ///
  /// @param admitsItself whether rooms decide themselves, in [Room#onConnect] and [Room#onRequest],
  ///   whom they let in: everybody gets there, with what the token says if there is one, and grants
  ///   do not count
  /// @param hearsReaders whether rooms get messages from connections that may only read
  /// @param refusesByClosing whether who may not connect is told so by a close frame (4401, 4403)
  ///   behind a handshake that succeeds, for clients that come again and again after one that fails
  public record Entry(boolean admitsItself, boolean hearsReaders, boolean refusesByClosing) {
    static final Entry USUAL = new Entry(false, false, false);
  }

  /// Files from a jar's resources, served below a path of the server.
  ///
  /// @param mount the path, `/` or `/name/`
  /// @param anchor a class of the jar; resources are found relative to its package
  /// @param folder the resource folder, relative to the anchor's package
  public record Pages(String mount, Class<?> anchor, String folder) {}

  /// Collects what differs from the defaults.
  public static final class Builder {
    private final String name;
    private final Function<RoomContext, ? extends Room> factory;
    private final List<Class<?>> calls = new ArrayList<>();
    private final Map<String, Doorman> doormen = new HashMap<>();
    private final List<Pages> pages = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();
    private boolean withSql;
    private boolean nonBlocking;
    private boolean publicStatus;
    private Entry entry = Entry.USUAL;
    private RoomLimits limits = RoomLimits.defaults();

    /// Bytes on their way in, their copy for the room's code, and what that makes of them.
    private int memoryPerByte = 3;

    private Builder(String name, Function<RoomContext, ? extends Room> factory) {
      this.name = name;
      this.factory = factory;
    }

    public Builder calls(Class<?> type) {
      calls.add(type);
      return this;
    }

    /// Gives each room an SQL database of its own, in which all its storage lies (S4).
    ///
    /// @param tables statements that make what the rooms' code expects to be there, such as `CREATE
    ///   TABLE IF NOT EXISTS`. They run before the first statement of a turn, until all is there;
    ///   what they make stays if that turn changes anything. So a room that is only looked at
    ///   leaves no database, and still finds its tables
    public Builder withSql(String... tables) {
      withSql = true;
      this.tables.addAll(List.of(tables));
      return this;
    }

    public Builder nonBlocking() {
      nonBlocking = true;
      return this;
    }

    public Builder publicStatus() {
      publicStatus = true;
      return this;
    }

    /// Rooms decide themselves whom they let in, see [Entry#admitsItself].
    public Builder admitsItself() {
      entry = new Entry(true, entry.hearsReaders, entry.refusesByClosing);
      return this;
    }

    /// Rooms get messages from connections that may only read, and look at [Connection#access].
    public Builder hearsReaders() {
      entry = new Entry(entry.admitsItself, true, entry.refusesByClosing);
      return this;
    }

    /// Who may not connect is told so by a close frame, see [Entry#refusesByClosing].
    public Builder refusesByClosing() {
      entry = new Entry(entry.admitsItself, entry.hearsReaders, true);
      return this;
    }

    public Builder limits(RoomLimits limits) {
      this.limits = limits;
      return this;
    }

    /// How many bytes of memory a room takes at most for each byte it has stored, from when it
    /// starts until it has said what it holds ([RoomContext#holds]): 3 unless declared.
    public Builder memoryPerByte(int times) {
      if (times < 1) {
        throw new IllegalArgumentException("a byte takes at least one byte of memory: " + times);
      }
      memoryPerByte = times;
      return this;
    }

    /// Declares a doorman, for [Admission.Accepted#metBy].
    public Builder doorman(String name, Doorman doorman) {
      doormen.put(name, doorman);
      return this;
    }

    public Builder pages(String mount, Class<?> anchor, String folder) {
      pages.add(new Pages(mount, anchor, folder));
      return this;
    }

    public Namespace build() {
      return new Namespace(
          name,
          factory,
          calls,
          withSql,
          tables,
          nonBlocking,
          publicStatus,
          entry,
          limits,
          memoryPerByte,
          doormen,
          pages);
    }
  }
}
