package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A client that speaks in every way that a client may, pauses, goes and comes back; and expects
/// its own words back, in order, and the announcements of its room without a gap.
final class FickleClient implements Callable<Void> {
  private static final int PAUSE = 10;

  /// What words begin with that the doorman relays.
  private static final String RELAYED = "~";

  private final int name;
  private final String path;
  private final Random random;
  private final int rounds;

  /// Null before the first round.
  private @Nullable RawWebSocket connected;

  private int said;

  /// The last announcement on this socket; -1 before the first.
  private int heard = -1;

  /// The last that was relayed of each of the others.
  private final Map<String, Integer> others = new HashMap<>();

  FickleClient(int name, String path, long seed, int rounds) {
    this.name = name;
    this.path = path;
    this.random = new Random(seed);
    this.rounds = rounds;
  }

  private RawWebSocket socket() {
    return Objects.requireNonNull(connected);
  }

  private void connect() throws IOException {
    heard = -1;
    for (int i = 0; i < 1_000; i++) {
      RawWebSocket fresh = RawWebSocket.dial(WithParking.server.port());
      int status = fresh.upgrade(path).status();
      if (status == 101) {
        connected = fresh;
        hear("welcome");
        return;
      }
      // The room is behind.
      assertThat(status).isEqualTo(503);
      fresh.close();
    }
    throw new IOException("the room never lets anyone in");
  }

  @Override
  public Void call() throws Exception {
    connect();
    for (int i = 0; i < rounds; i++) {
      int habit = random.nextInt(13);
      try {
        round(habit);
      } catch (IOException | AssertionError e) {
        throw new AssertionError(
            "client %d on %s, round %d, habit %d".formatted(name, path, i, habit), e);
      }
      pause();
    }
    socket().close(1000);
    socket().readClose();
    socket().close();
    return null;
  }

  private void pause() throws InterruptedException {
    Thread.sleep(random.nextInt(PAUSE));
  }

  private void round(int habit) throws Exception {
    switch (habit) {
      case 0, 1 -> {
        String text = words(random.nextInt(100));
        socket().text(text);
        hear(text);
      }
      case 2 -> {
        String text = words(60_000);
        socket().text(text);
        hear(text);
      }
      case 3 -> {
        String text = words(3);
        for (byte b : frame(text)) {
          socket().bytes(new byte[] {b});
          if (random.nextInt(4) == 0) {
            pause();
          }
        }
        hear(text);
      }
      case 4 -> {
        String text = words(random.nextInt(400));
        byte[] frame = frame(text);
        int cut = 1 + random.nextInt(random.nextBoolean() ? 8 : frame.length - 1);
        socket().bytes(Arrays.copyOf(frame, cut));
        pause();
        socket().bytes(Arrays.copyOfRange(frame, cut, frame.length));
        hear(text);
      }
      case 5 -> parts();
      case 6 -> burst();
      case 7 -> {
        byte[] mark = {(byte) name, (byte) ++said};
        socket().frame(RawWebSocket.PING, mark);
        assertThat(next(RawWebSocket.PONG).payload()).isEqualTo(mark);
      }
      case 8 -> Thread.sleep(PAUSE * 2L);
      case 9 -> {
        socket().text("beat");
        hear("heart");
      }
      case 10, 11 -> mixture();
      default -> leave();
    }
  }

  private String words(int length) {
    return "client" + name + " m" + said++ + " " + "w".repeat(length);
  }

  private static byte[] frame(String text) {
    return RawWebSocket.encode(RawWebSocket.TEXT, text.getBytes(UTF_8));
  }

  private void parts() throws Exception {
    String text = words(20);
    byte[] bytes = text.getBytes(UTF_8);
    int first = random.nextInt(bytes.length);
    int second = first + random.nextInt(bytes.length - first);
    socket().frame(RawWebSocket.TEXT_PART, Arrays.copyOf(bytes, first));
    pause();
    if (random.nextBoolean()) {
      socket().frame(RawWebSocket.PING);
      assertThat(next(RawWebSocket.PONG).payload()).isEmpty();
      pause();
    }
    socket().frame(RawWebSocket.MORE, Arrays.copyOfRange(bytes, first, second));
    pause();
    socket().frame(RawWebSocket.LAST, Arrays.copyOfRange(bytes, second, bytes.length));
    hear(text);
  }

  private void burst() throws Exception {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    String[] texts = new String[1 + random.nextInt(30)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = words(random.nextInt(50));
      frames.writeBytes(frame(texts[i]));
    }
    socket().bytes(frames.toByteArray());
    for (String text : texts) {
      hear(text);
    }
  }

  /// Pings, heartbeats, words for the doorman and words for the room in one segment, or in two:
  /// each has an answer, in order among its like. Where there is no doorman the room has those
  /// words too.
  private void mixture() throws Exception {
    boolean attended = path.contains("by=porter");
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    Deque<String> atOnce = new ArrayDeque<>();
    Deque<String> byRoom = new ArrayDeque<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> {
          String mark = "p" + ++said;
          frames.writeBytes(RawWebSocket.encode(RawWebSocket.PING, mark.getBytes(UTF_8)));
          atOnce.add(mark);
        }
        case 1 -> {
          frames.writeBytes(frame("beat"));
          atOnce.add("heart");
        }
        case 2 -> {
          String text = words(random.nextInt(30));
          frames.writeBytes(frame(attended ? "echo " + text : text));
          (attended ? atOnce : byRoom).add(text);
        }
        default -> {
          boolean relay = attended && random.nextBoolean();
          String text = words(random.nextInt(100));
          frames.writeBytes(frame(relay ? "relay " + RELAYED + text : text));
          if (!relay) {
            byRoom.add(text);
          }
        }
      }
    }
    byte[] all = frames.toByteArray();
    int cut = random.nextBoolean() ? all.length : random.nextInt(all.length);
    socket().bytes(Arrays.copyOf(all, cut));
    if (cut < all.length) {
      pause();
      socket().bytes(Arrays.copyOfRange(all, cut, all.length));
    }
    while (!atOnce.isEmpty() || !byRoom.isEmpty()) {
      String answer = next().text();
      Deque<String> whose = answer.equals(atOnce.peek()) ? atOnce : byRoom;
      assertThat(answer).isEqualTo(whose.poll());
    }
  }

  private void leave() throws Exception {
    switch (random.nextInt(4)) {
      case 0 -> socket().reset();
      case 1 -> {
        socket().close(1000);
        assertThat(socket().readClose()).isEqualTo(1000);
        socket().close();
      }
      case 2 -> socket().close();
      default -> {
        // Half a frame, and gone.
        socket().bytes(Arrays.copyOf(frame(words(9)), 7));
        pause();
        socket().close();
      }
    }
    connect();
  }

  /// Expects a text next, announcements apart.
  private void hear(String text) throws IOException {
    assertThat(next(RawWebSocket.TEXT).text()).isEqualTo(text);
  }

  private RawWebSocket.Frame next(int kind) throws IOException {
    RawWebSocket.Frame frame = next();
    assertThat(frame.first()).as(() -> "kind of " + frame.text()).isEqualTo(kind);
    return frame;
  }

  /// The next frame, announcements and what others had relayed apart.
  private RawWebSocket.Frame next() throws IOException {
    while (true) {
      RawWebSocket.Frame frame = socket().next();
      boolean text = frame.first() == RawWebSocket.TEXT;
      if (text && frame.text().startsWith(Announcer.MARK)) {
        int number = Announcer.number(frame.text());
        assertThat(heard < 0 ? number : heard + 1).as("an announcement").isEqualTo(number);
        heard = number;
      } else if (text && frame.text().startsWith(RELAYED)) {
        relayed(frame.text());
      } else {
        return frame;
      }
    }
  }

  /// What each of the others says comes in order, and never from oneself.
  private void relayed(String text) {
    String[] words = text.split(" ", 3);
    assertThat(words[0]).isNotEqualTo(RELAYED + "client" + name);
    int number = Integer.parseInt(words[1].substring(1));
    Integer before = others.put(words[0], number);
    assertThat(number).as(words[0]).isGreaterThan(before == null ? -1 : before);
    assertThat(words[2].replace("w", "")).as("filler").isEmpty();
  }
}
