package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Codec;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.queue.GroupSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Messages in the hands of a room's handler, with the answers that it has given. Used in the
/// room's turns.
final class InHand implements QueueConsumer.Batch {
  private static final int ERROR_CHARS = 500;

  private final Note.Deliver deliver;
  private final List<One> messages = new ArrayList<>();
  private boolean ended;

  /// @param acked told of each message when it is acknowledged
  InHand(
      Note.Deliver deliver, List<Note.Handed> messages, Codec codec, Consumer<Note.Handed> acked) {
    this.deliver = deliver;
    messages.forEach(each -> this.messages.add(new One(each, codec, acked)));
  }

  @Override
  public String queue() {
    return deliver.queue();
  }

  @Override
  public String group() {
    return deliver.group();
  }

  @Override
  public List<QueueConsumer.Delivery> messages() {
    return List.copyOf(messages);
  }

  /// The handler has returned: what it has not answered is acknowledged, and all answers are final.
  List<Note.Answer> end() {
    ended = true;
    List<Note.Answer> answers = new ArrayList<>();
    for (One each : messages) {
      Note.Answer again = each.again;
      answers.add(
          again != null ? again : new Note.Answer(each.handed.lease(), each.key(), true, 0, ""));
    }
    return answers;
  }

  List<Note.Handed> acked() {
    return messages.stream().filter(each -> each.again == null).map(each -> each.handed).toList();
  }

  static String cut(String why) {
    return why.length() <= ERROR_CHARS ? why : why.substring(0, ERROR_CHARS);
  }

  private final class One extends Taken implements QueueConsumer.Delivery {
    private final Note.Handed handed;
    private final Consumer<Note.Handed> told;
    private boolean acked;
    private Note.@Nullable Answer again;

    One(Note.Handed handed, Codec codec, Consumer<Note.Handed> told) {
      super(handed.message(), handed.appendedAt(), codec);
      this.handed = handed;
      this.told = told;
    }

    @Override
    public int attempt() {
      return handed.attempt();
    }

    @Override
    public void ack() {
      if (!isAnswered()) {
        acked = true;
        told.accept(handed);
      }
    }

    @Override
    public void retry(Duration delay, String why) {
      if (delay.isNegative() || delay.compareTo(GroupSettings.MAX_DELAY) > 0) {
        throw new IllegalArgumentException("a retry waits up to 366 days, not " + delay);
      }
      if (!isAnswered()) {
        again = Intray.again(handed, delay.toMillis(), why);
      }
    }

    private boolean isAnswered() {
      if (ended) {
        throw new IllegalStateException(
            "message %s was answered when its handler had returned".formatted(key()));
      }
      return acked || again != null;
    }
  }
}
