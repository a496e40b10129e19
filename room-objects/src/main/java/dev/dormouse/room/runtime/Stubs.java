package dev.dormouse.room.runtime;

import dev.dormouse.room.Codec;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls between rooms, and into rooms from the process around them (T2, T8).
final class Stubs {
  private final RoomNode node;

  Stubs(RoomNode node) {
    this.node = node;
  }

  /// @param owner the incarnation that alone may use the stub (T5); null for one from outside
  <T> T stub(Class<T> type, RoomId id, @Nullable Incarnation owner) {
    Namespace namespace = node.declared(id.namespace());
    boolean ofFacility = node.facilities().stream().anyMatch(facility -> facility.type() == type);
    if (!ofFacility && !namespace.calls().contains(type)) {
      throw new IllegalArgumentException(
          "namespace '%s' does not declare that its rooms can be called through %s"
              .formatted(namespace.name(), type.getName()));
    }
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getDeclaringClass() == Object.class
                    ? plain(self, id, method, arguments)
                    : call(
                        id,
                        owner,
                        incarnation ->
                            ofFacility ? incarnation.parts.handle(type) : incarnation.present(),
                        method,
                        arguments == null ? new Object[0] : arguments));
    return type.cast(proxy);
  }

  @SuppressWarnings("ReferenceEquality") // a stub is equal to itself only, as objects are
  private static Object plain(Object self, RoomId id, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> id.hashCode();
      default -> "stub of " + id;
    };
  }

  HttpReply request(RoomId id, HttpCall call, @Nullable Incarnation owner) {
    Object reply = call(id, owner, incarnation -> incarnation.present().onRequest(call));
    if (reply instanceof HttpReply answer) {
      return answer;
    }
    throw new IllegalStateException(id + " answered a request with nothing");
  }

  /// @param receiver whose method it is, in the room that is reached
  private @Nullable Object call(
      RoomId id,
      @Nullable Incarnation owner,
      Function<Incarnation, Object> receiver,
      Method method,
      @Nullable Object[] arguments) {
    // The interface need not be public: that its namespace declares it is what counts.
    method.setAccessible(true);
    Type[] types = method.getGenericParameterTypes();
    @Nullable Supplier<@Nullable Object>[] copies = suppliers(arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      copies[i] = copy(arguments[i], types[i]);
    }
    Object copy =
        call(
            id,
            owner,
            incarnation -> {
              @Nullable Object[] own = new Object[copies.length];
              for (int i = 0; i < own.length; i++) {
                Supplier<@Nullable Object> supplier = copies[i];
                own[i] = supplier == null ? null : supplier.get();
              }
              try {
                return copy(
                    method.invoke(receiver.apply(incarnation), own), method.getGenericReturnType());
              } catch (InvocationTargetException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
              }
            });
    return copy instanceof Supplier<?> result ? result.get() : null;
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Supplier<@Nullable Object>[] suppliers(int count) {
    return (@Nullable Supplier<@Nullable Object>[]) new Supplier<?>[count];
  }

  /// A value as another room may have it: itself if it cannot change, else what the codec makes of
  /// it. Encoding happens here, decoding where the value is used.
  private Supplier<@Nullable Object> copy(@Nullable Object value, Type type) {
    return switch (value) {
      case null -> () -> null;
      case String s -> () -> s;
      case Number n when n.getClass().getName().startsWith("java.lang.") -> () -> n;
      case Boolean b -> () -> b;
      case Enum<?> e -> () -> e;
      case RoomId id -> () -> id;
      case byte[] bytes -> {
        byte[] own = bytes.clone();
        yield own::clone;
      }
      default -> {
        Codec codec = node.codec();
        byte[] encoded = codec.encode(value);
        yield () -> codec.decode(encoded, type);
      }
    };
  }

  private @Nullable Object call(
      RoomId id, @Nullable Incarnation owner, Item.Invocation invocation) {
    Activation current = Activation.CURRENT.isBound() ? Activation.CURRENT.get() : null;
    checkCaller(id, owner, current);
    if (current == null) {
      if (node.isStopping()) {
        throw Arrivals.goingAway(id);
      }
      return send(id, CallChain.NONE, invocation);
    }
    boolean inTurn =
        current.host.handlers.holder() == current
            && current.thread == Thread.currentThread()
            && current.turn != null;
    if (!inTurn) {
      return send(id, current.outgoing, invocation);
    }
    // Refused before the turn ends: it would only be undone by what cannot be helped.
    check(id, current.chainForCalls());
    return current.host.suspension.await(
        current.incarnation.activation(), "a call", () -> send(id, current.outgoing, invocation));
  }

  /// A stub belongs to the incarnation that got it and to the threads of its handlers; what a reset
  /// left running calls nobody any more (T5).
  private static void checkCaller(
      RoomId id, @Nullable Incarnation owner, @Nullable Activation current) {
    RoomReset over =
        owner != null && owner.end != null
            ? owner.end
            : current != null ? current.incarnation.end : null;
    if (over != null) {
      throw over.again();
    }
    if (owner != null && (current == null || current.incarnation != owner)) {
      throw new IllegalStateException(
          "a stub of %s was used outside the handlers of %s that got it"
              .formatted(id, owner.host.id));
    }
  }

  private void check(RoomId id, CallChain chain) {
    if (chain.held().contains(id)) {
      throw new RoomException.WouldDeadlock(
          id + " was called from work that it waits for itself with its gate shut");
    }
    if (chain.depth() >= CallChain.MAX_DEPTH) {
      throw new RoomException.WouldDeadlock(
          "a call of %s is %d deep; the limit is %d"
              .formatted(id, chain.depth() + 1, CallChain.MAX_DEPTH));
    }
  }

  private @Nullable Object send(RoomId id, CallChain chain, Item.Invocation invocation) {
    check(id, chain);
    Execution execution = node.execution();
    long now = execution.nanoTime();
    long limit = node.declared(id.namespace()).limits().call().toNanos();
    if (chain.depth() > 0) {
      limit = Math.min(limit, chain.deadline() - now);
    }
    Pending pending = new Pending(execution.signal());
    if (limit > 0) {
      node.directory().call(id, new Item.Call(chain.deeper(now + limit), invocation, pending));
    }
    try {
      if (limit <= 0 || !pending.done.await(Duration.ofNanos(limit))) {
        throw new RoomException.CallTimeout(
            id + " did not answer a call in time; it may still run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RoomReset(
          RoomReset.Reason.ABORTED, Outcome.UNKNOWN, "a call of " + id + " was interrupted", e);
    }
    RoomException failure = pending.failure;
    if (failure != null) {
      throw failure;
    }
    return pending.result;
  }

  /// A call that waits. Written by the thread that answers, read after the signal.
  private static final class Pending implements Item.Caller {
    private final Execution.Signal done;
    private volatile @Nullable Object result;
    private volatile @Nullable RoomException failure;

    Pending(Execution.Signal done) {
      this.done = done;
    }

    @Override
    public void answer(@Nullable Object result) {
      this.result = result;
      done.complete();
    }

    @Override
    public void fail(RoomException failure) {
      this.failure = failure;
      done.complete();
    }
  }
}
