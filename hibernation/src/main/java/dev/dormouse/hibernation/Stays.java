package dev.dormouse.hibernation;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.spi.Execution;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections whose time is over, to the second and whatever they do: those that are
/// objects are looked at one by one, each when its time comes; of those that are packed the
/// [Dormitory] knows the times, and gives them up when one is due. No room is woken for that,
/// though one may be by the end of its connection (C5).
///
/// Safe for any thread.
final class Stays {
  private static final Logger LOG = LoggerFactory.getLogger(Stays.class);

  /// What a client is told whose token has run out.
  private static final CloseStatus OVER =
      new CloseStatus(CloseCode.UNAUTHORIZED.code(), "the token has expired");

  /// What one is told whose token counts no more.
  private static final CloseStatus REVOKED =
      new CloseStatus(CloseCode.UNAUTHORIZED.code(), "the token has been revoked");

  private final SocketTable table;
  private final Audiences audiences;
  private final Wheel wheel;
  private final Execution execution;

  /// Whose connections are closed, those that come too.
  private volatile Predicate<Stay> unwelcome = _ -> false;

  Stays(SocketTable table, Audiences audiences, Wheel wheel, Execution execution) {
    this.table = table;
    this.audiences = audiences;
    this.wheel = wheel;
    this.execution = execution;
  }

  /// Sees to the end of a connection, if its time has one.
  void watch(OpenConnection connection) {
    if (connection.stay.ends()) {
      wheel.add(new Watch(connection), ticks(connection));
    }
  }

  /// Closes the connections of these, and those that come later with such a stay.
  void revoke(Predicate<Stay> these) {
    unwelcome = these;
    // Those that are awake first: one that is packed meanwhile is found among the packed. One that
    // is unpacked meanwhile passes `checkUnpacked`.
    revokeAwake();
    audiences.whose(these).forEach(table::unpack);
    revokeAwake();
  }

  /// One that was attached while others were being closed.
  void checkNew(OpenConnection connection) {
    if (unwelcome.test(connection.stay)) {
      revoke(connection);
    }
  }

  /// One that was unpacked. Its audience is not there yet, so that it is looked at on another
  /// thread.
  void checkUnpacked(OpenConnection connection) {
    if (unwelcome.test(connection.stay)) {
      execution.start("revoked", () -> revoke(connection));
    }
  }

  private void revokeAwake() {
    for (OpenConnection connection : table.everyConnection()) {
      if (unwelcome.test(connection.stay)) {
        revoke(connection);
      }
    }
  }

  private void revoke(OpenConnection connection) {
    // So that it is not packed meanwhile.
    Audience audience = audiences.enter(connection.room);
    if (audience == null) {
      return;
    }
    try {
      OpenConnection there = table.connection(connection.key);
      if (there != null && !there.shut && unwelcome.test(there.stay)) {
        close(there, table.counters().revoked, REVOKED);
      }
    } finally {
      audience.exit();
    }
  }

  /// Closes one, and counts it, unless somebody does so at this moment.
  private static void close(OpenConnection connection, LongAdder counter, CloseStatus status) {
    if (connection.endsStay()) {
      counter.increment();
      connection.socket.close(connection, status);
    }
  }

  private int ticks(OpenConnection connection) {
    long left = connection.stay.until() - execution.instant().getEpochSecond();
    return Math.clamp(left, 1, Integer.MAX_VALUE / 2);
  }

  /// One for each connection that is an object; nobody looks at it any more once that is gone.
  private final class Watch implements Wheel.Entry {
    private final OpenConnection connection;

    Watch(OpenConnection connection) {
      this.connection = connection;
    }

    @Override
    public int look(int now) {
      // So that it is not packed meanwhile.
      Audience audience = audiences.enter(connection.room);
      if (audience == null) {
        return OVER;
      }
      try {
        if (connection.shut || table.connection(connection.key) != connection) {
          return OVER;
        }
        if (!connection.stay.isOver(execution.instant())) {
          return connection.stay.ends() ? now + ticks(connection) : OVER;
        }
        close(connection, table.counters().expired, Stays.OVER);
        return OVER;
      } finally {
        audience.exit();
      }
    }
  }

  // ---- staying longer

  /// A client has shown another token; what is made of it is found out on another thread.
  void renew(OpenConnection connection, String token) {
    if (!connection.beginsRenewal()) {
      // One at a time: tokens cost more to look at than to send.
      return;
    }
    execution.start(
        "renewal",
        () -> {
          try {
            renewed(connection, token);
          } catch (RuntimeException e) {
            LOG.atError()
                .addKeyValue("room", connection.room)
                .setCause(e)
                .log("a connection's new token could not be looked at");
          } finally {
            connection.endsRenewal();
          }
        });
  }

  private void renewed(OpenConnection connection, String token) {
    Stay before = connection.stay;
    Renewals.Answer answer =
        table.renewals().look(connection.room, token, before.holder(), connection.reader);
    Audience audience = audiences.enter(connection.room);
    if (audience == null) {
      return;
    }
    try {
      OpenConnection there = table.connection(connection.key);
      if (there == null || there.shut) {
        return;
      }
      switch (answer) {
        case Renewals.Answer.Stays(Stay stay) -> {
          if (before.holder() != 0) {
            there.stay = stay;
            table.counters().renewed.increment();
            if (unwelcome.test(stay)) {
              revoke(there);
            }
          }
        }
        case Renewals.Answer.Later _ -> {}
        case Renewals.Answer.Ends(CloseStatus status) -> there.socket.close(there, status);
      }
    } finally {
      audience.exit();
    }
  }

  // ---- those that are packed

  /// Gives up the connections that are packed and whose time is over; their [Watch] does the rest.
  final class Sweep implements Wheel.Entry {
    @Override
    public int look(int now) {
      audiences.overdue(execution.instant().getEpochSecond()).forEach(table::unpack);
      return audiences.endsSweep() ? OVER : now + 1;
    }
  }
}
