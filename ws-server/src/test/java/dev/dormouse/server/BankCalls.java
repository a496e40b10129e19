package dev.dormouse.server;

import java.util.List;
import java.util.Map;

/// What a bank can be asked for.
interface BankCalls {
  /// From one table to the other.
  void save(long amount);

  /// One unit, to another bank.
  void send(String sender, String receiver);

  Books books();

  /// @param sent the texts of the messages that it sent
  /// @param taken how often it was brought each text
  record Books(long checking, long savings, List<String> sent, Map<String, Integer> taken) {
    long sum() {
      return checking + savings;
    }
  }
}
