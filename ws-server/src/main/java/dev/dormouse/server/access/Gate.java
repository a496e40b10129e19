package dev.dormouse.server.access;

import dev.dormouse.room.Access;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Namespace;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Decides who may do what: first who somebody is, which may take a moment, then whether he may.
///
/// A server without tokens has a gate that stands open. For any thread.
public final class Gate {
  private final @Nullable Tokens tokens;
  private final Grants anonymous;
  private final Map<Denial, LongAdder> denied = new EnumMap<>(Denial.class);
  private final LongAdder admitted = new LongAdder();

  /// @param tokens how they are checked; null if nobody is asked
  /// @param anonymous what everybody may do who is let in, with a token or without
  Gate(@Nullable Tokens tokens, Grants anonymous) {
    this.tokens = tokens;
    this.anonymous = anonymous;
    for (Denial denial : Denial.values()) {
      denied.put(denial, new LongAdder());
    }
  }

  /// One that lets everybody do everything.
  public static Gate open() {
    return new Gate(null, Grants.NONE);
  }

  /// Whether it asks who somebody is.
  public boolean asks() {
    return tokens != null;
  }

  /// The tokens that count no more; empty if nobody says.
  public Optional<Revoked> revoked() {
    return tokens == null ? Optional.empty() : tokens.revoked();
  }

  /// Somebody who shows no token.
  public Person nobody() {
    return Person.nobody(anonymous);
  }

  /// Whom a token belongs to; may block while keys are fetched.
  ///
  /// @throws Denial.Found if it is no good
  public Person identify(String token) throws Denial.Found {
    Tokens checks = tokens;
    if (checks == null) {
      return nobody();
    }
    try {
      return checks.check(token);
    } catch (Denial.Found no) {
      throw counted(no);
    }
  }

  /// Whether somebody may do something with a room.
  ///
  /// @param wanted what the least is that it takes
  /// @return who he is there, with all that he may do
  /// @throws Denial.Found if he may not
  public Identity admit(Person person, Namespace namespace, String name, Access wanted)
      throws Denial.Found {
    if (tokens == null) {
      return Identity.unasked();
    }
    if (namespace.entry().admitsItself()) {
      admitted.increment();
      Access granted = granted(person, address(namespace.name(), name)).orElse(Access.WRITE);
      return person.with(granted.covers(Access.WRITE) ? granted : Access.WRITE);
    }
    return admit(person, address(namespace.name(), name), wanted);
  }

  /// The same for something that is no room.
  public Identity admit(Person person, String address, Access wanted) throws Denial.Found {
    if (tokens == null) {
      return Identity.unasked();
    }
    Optional<Access> access = granted(person, address).filter(has -> has.covers(wanted));
    if (access.isEmpty()) {
      throw counted(
          person.hasToken()
              ? Denial.NOT_GRANTED.found(Grants.text(wanted, address))
              : Denial.NO_TOKEN.found());
    }
    admitted.increment();
    return person.with(access.get());
  }

  /// A token takes nothing away: without it its holder could do what anybody may.
  private Optional<Access> granted(Person person, String address) {
    Optional<Access> his = person.grants().at(address);
    Optional<Access> anybodys = anonymous.at(address);
    return his.isEmpty() || (anybodys.isPresent() && anybodys.get().covers(his.get()))
        ? anybodys
        : his;
  }

  static String address(String namespace, String name) {
    return namespace + "/" + name;
  }

  /// Counts a client that is not let in.
  public Denial.Found counted(Denial.Found no) {
    denied(no.denial()).increment();
    return no;
  }

  /// How many were not let in for a reason.
  public LongAdder denied(Denial denial) {
    return Objects.requireNonNull(denied.get(denial));
  }

  /// How often somebody was let in.
  public LongAdder admitted() {
    return admitted;
  }

  /// How a connection is closed whose client is not let in; null for what a client should try
  /// again.
  public static @Nullable CloseStatus closing(Denial denial) {
    return switch (denial.status()) {
      case 401, 400 -> new CloseStatus(CloseCode.UNAUTHORIZED.code(), denial.sentence());
      case 403 -> new CloseStatus(CloseCode.FORBIDDEN.code(), denial.sentence());
      default -> null;
    };
  }
}
