package dev.dormouse.saga;

/// What a room's class implements to be told what becomes of the sagas it owns.
///
/// Told in the very turn that changes the saga, so what the room makes of it (rows, alarms,
/// messages to clients, other sagas) becomes durable with the change, or not at all. Whoever only
/// wants to know how far a saga is asks [Sagas#status] instead.
public interface SagaOwner {

  /// A saga has changed. Several changes of one turn are told one after the other, in order; what
  /// is asked of [Sagas] in here is done at once, and told of after this.
  ///
  /// It is part of that turn and cannot wait: calls, `await`, `sleep` and `sync` are refused. When
  /// the change comes from a verb of [Sagas], the room's own code is told before that verb returns.
  ///
  /// A throw undoes the turn, as a handler's does (T4): the saga has not changed, and what changed
  /// it comes again. An answer is asked for again, after the step's timeout at most; an alarm rings
  /// again; a verb throws to whoever asked. So that a room which always throws does not hold its
  /// sagas up for ever, the fifth throw in a row about one saga, in one process, is the last: the
  /// change is made without it, and the saga's log says that it was not heard of.
  void onSaga(SagaNews news) throws Exception;
}
