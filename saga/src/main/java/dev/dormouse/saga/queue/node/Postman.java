package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.PendingLetter;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a group's dead letters: appends them to their queue, then has the group forget that they
/// are to be sent. Killed in between it sends them again, with the same keys.
final class Postman {
  private static final Logger log = LoggerFactory.getLogger(Postman.class);
  private static final int AT_ONCE = 50;
  private static final long PATIENCE_MILLIS = 5_000;

  private final Ledger ledger;

  Postman(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Sends some.
  ///
  /// @return see [Driver.Work#run]
  long run() {
    List<PendingLetter> letters = ledger.look(turn -> turn.letters(AT_ONCE));
    if (letters.isEmpty()) {
      return Driver.NOTHING_TO_DO;
    }
    String to = ledger.open().settings().deadLetterQueue();
    QueueLog from = ledger.log();
    boolean sent = ledger.context().await(() -> send(from, to, letters));
    if (!sent) {
      return PATIENCE_MILLIS;
    }
    ledger.changing(turn -> letters.forEach(letter -> turn.letterSent(letter.position())));
    return 0;
  }

  /// Outside of the room's turns.
  private boolean send(QueueLog from, String to, List<PendingLetter> letters) {
    QueueNode node = ledger.node();
    node.execution().failpoint(QueueFailpoints.DEAD);
    try {
      List<QueueMessage> messages = new ArrayList<>(letters.size());
      for (PendingLetter letter : letters) {
        messages.add(message(from, letter).deadLetter(letter.origin()));
      }
      node.append(to, messages);
      node.execution().failpoint(QueueFailpoints.LETTER_SENT);
      return true;
    } catch (LogException | ExecutionException e) {
      log.warn("{} dead letters wait to be appended to queue '{}'", letters.size(), to, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What the log cannot give any more has a letter all the same, so that nothing goes silently.
  private static QueueMessage message(QueueLog from, PendingLetter letter) {
    LogPage page = Ledger.read(from, letter.position(), 1);
    if (!page.entries().isEmpty() && page.entries().getFirst().position() == letter.position()) {
      return page.entries().getFirst().message();
    }
    return QueueMessage.of(
        "lost/" + letter.origin().queue() + "/" + letter.position(),
        ContentType.BYTES,
        new byte[0]);
  }
}
