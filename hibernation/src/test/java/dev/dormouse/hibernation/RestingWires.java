package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Wires that can be packed, by their numbers: what a transport does, without sockets.
final class RestingWires implements Wires {
  private final SocketTable table;
  private final Map<Integer, Line> lines = new ConcurrentHashMap<>();
  private final List<Integer> asked = new CopyOnWriteArrayList<>();

  RestingWires(SocketTable table) {
    this.table = table;
    table.unpackBy(this);
  }

  /// What lasts of a wire: its number, and what the client hears.
  final class Line {
    final int number;
    final List<String> heard = new CopyOnWriteArrayList<>();

    /// The object that is there now; null while it is packed. Guarded by this.
    private @Nullable RestingWire wire;

    private @Nullable ClientSocket socket;
    long key;

    /// Whether nothing is being read. Guarded by this.
    private boolean rests;

    /// Whether it cannot be packed for want of something. Written before it is tried.
    boolean fails;

    Line(int number) {
      this.number = number;
    }

    /// The client has said nothing for a while.
    void rests() {
      ClientSocket mine;
      synchronized (this) {
        rests = true;
        mine = socket;
      }
      if (mine != null) {
        mine.rests();
      }
    }

    synchronized boolean isPacked() {
      return wire == null;
    }

    /// The client says something; the line does not rest until told so.
    boolean says(String text) {
      return woken().received(key, Message.of(text));
    }

    /// The client is gone.
    void vanishes() {
      woken().closed(new CloseStatus(1006, ""), null);
    }

    private ClientSocket woken() {
      for (int i = 0; i < 10_000_000; i++) {
        synchronized (this) {
          if (wire != null && socket != null) {
            rests = false;
            return socket;
          }
        }
        table.unpack(number);
      }
      throw new AssertionError("nobody knows the line " + number);
    }
  }

  private static final class RestingWire implements Wire {
    private final Line line;

    /// Guarded by the line.
    private boolean packed;

    RestingWire(Line line) {
      this.line = line;
    }

    @Override
    public boolean send(Message message, boolean more) {
      synchronized (line) {
        use();
        line.heard.add(FakeWire.text(message));
        return true;
      }
    }

    @Override
    public void close(CloseStatus status) {
      synchronized (line) {
        use();
        line.heard.add("close " + status.code());
      }
    }

    private void use() {
      if (packed) {
        throw new IllegalStateException("a wire is used that was packed");
      }
    }

    @Override
    public void readOn() {}

    @Override
    public int pack() {
      synchronized (line) {
        use();
        if (line.fails) {
          throw new OutOfMemoryError("on purpose");
        }
        if (!line.rests) {
          return -1;
        }
        packed = true;
        line.wire = null;
        return line.number;
      }
    }

    @Override
    public void unpack() {
      synchronized (line) {
        packed = false;
        line.wire = this;
      }
    }
  }

  /// A new line, with a socket that carries nothing yet.
  Line line(int number) {
    Line line = new Line(number);
    RestingWire wire = new RestingWire(line);
    line.wire = wire;
    line.socket = table.open(wire);
    lines.put(number, line);
    return line;
  }

  /// The packed ones whose addresses somebody wanted to know.
  List<Integer> asked() {
    return asked;
  }

  @Override
  public @Nullable SocketAddress peer(int number) {
    asked.add(number);
    return null;
  }

  ClientSocket socket(Line line) {
    return line.woken();
  }

  @Override
  public void unpack(int number, RoomId room, long key, Function<Wire, ClientSocket> socket) {
    Line line = lines.get(number);
    if (line == null || line.key != key) {
      throw new IllegalStateException("no such line: " + number + " of " + key);
    }
    RestingWire fresh = new RestingWire(line);
    ClientSocket made = socket.apply(fresh);
    synchronized (line) {
      if (line.wire != null) {
        throw new IllegalStateException("unpacked twice");
      }
      line.wire = fresh;
      line.socket = made;
    }
  }
}
