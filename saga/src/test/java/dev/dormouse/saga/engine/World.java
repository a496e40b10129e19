package dev.dormouse.saga.engine;

/// All that is durable or on its way, in one state of the model. Everything else may be lost at any
/// instant, since each action is one transaction.
///
/// @param saga the number of an interned row
/// @param outbox committed commands that are not marked as published, as bits of [Bits]
/// @param commands commands on their way
/// @param replies answers on their way
/// @param alarms alarm rows
/// @param dead open dead rows
/// @param participants records and counts of effects
/// @param budget how often somebody may still interfere
record World(
    int saga,
    long outbox,
    long commands,
    long replies,
    long alarms,
    int dead,
    long participants,
    int budget) {

  World saga(int saga) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World outbox(long outbox) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World commands(long commands) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World replies(long replies) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World alarms(long alarms) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World dead(int dead) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World participants(long participants) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }

  World budget(int budget) {
    return new World(saga, outbox, commands, replies, alarms, dead, participants, budget);
  }
}
