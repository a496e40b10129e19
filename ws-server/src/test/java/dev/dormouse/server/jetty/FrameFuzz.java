package dev.dormouse.server.jetty;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Burden;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;
import org.eclipse.jetty.websocket.core.internal.Parser;

/// What a client sends, against Jetty's own parser: where frames end and messages are open, what a
/// leading frame is, and what messages come of it, in whatever pieces the bytes arrive.
///
/// The first byte of an input says how the rest is cut.
public final class FrameFuzz {
  private static final int LIMIT = 600;

  private FrameFuzz() {}

  /// Called by the fuzzer. Throws if anything is not as it should be.
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
      cutsDoNotMatter(bytes, input[0]);
      agreesWithJetty(bytes);
    }
  }

  private static void cutsDoNotMatter(byte[] bytes, byte how) {
    SplittableRandom random = new SplittableRandom(how);
    FrameBoundary oneByOne = new FrameBoundary();
    FrameBoundary inPieces = new FrameBoundary();
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(bytes.length - at, 1 + random.nextInt(1 << (1 + (how & 7))));
      inPieces.add(ByteBuffer.wrap(bytes, at, size));
      for (int i = at; i < at + size; i++) {
        oneByOne.add(ByteBuffer.wrap(bytes, i, 1));
      }
      at += size;
      require(inPieces.atRest() == oneByOne.atRest(), "the boundary depends on cuts, at %d", at);
    }
  }

  private static void agreesWithJetty(byte[] bytes) {
    Configuration.ConfigurationCustomizer plain = new Configuration.ConfigurationCustomizer();
    plain.setAutoFragment(false);
    plain.setMaxFrameSize(0);
    Parser jetty = new Parser(new ByteBufferPool.NonPooling(), plain);
    // Jetty unmasks the buffer that it is given.
    ByteBuffer theirs = ByteBuffer.wrap(bytes.clone());
    FrameBoundary boundary = new FrameBoundary();
    Messages messages = new Messages();
    boolean open = false;
    while (theirs.hasRemaining()) {
      int begin = theirs.position();
      LeadingFrame leading = LeadingFrame.of(ByteBuffer.wrap(bytes).position(begin), LIMIT);
      Optional<Frame.Parsed> parsed;
      try {
        parsed = Optional.ofNullable(jetty.parse(theirs));
      } catch (WebSocketException | IllegalArgumentException _) {
        require(!isTaken(leading), "taken for a frame, and wrong to Jetty, at %d", begin);
        return;
      }
      if (parsed.isEmpty()) {
        require(!isTaken(leading), "taken for a frame before it was whole, at %d", begin);
        return;
      }
      Frame.Parsed frame = parsed.get();
      int end = theirs.position();
      boundary.add(ByteBuffer.wrap(bytes, begin, end - begin));
      if (!OpCode.isControlFrame(frame.getOpCode())) {
        open = !frame.isFin();
      }
      require(boundary.atRest() == !open, "the boundary is wrong at %d", end);
      same(leading, frame, end - begin);
      if (!messages.take(frame)) {
        return;
      }
    }
  }

  private static boolean isTaken(LeadingFrame leading) {
    return switch (leading) {
      case LeadingFrame.Ping _, LeadingFrame.Pong _, LeadingFrame.Whole _ -> true;
      case LeadingFrame.Unfinished _, LeadingFrame.Other _ -> false;
    };
  }

  private static void same(LeadingFrame leading, Frame frame, int size) {
    switch (leading) {
      case LeadingFrame.Ping ping -> {
        require(frame.getOpCode() == OpCode.PING && ping.size() == size, "no ping of %d", size);
        require(Arrays.equals(ping.payload(), payload(frame)), "another payload in %d", size);
      }
      case LeadingFrame.Pong pong ->
          require(frame.getOpCode() == OpCode.PONG && pong.size() == size, "no pong of %d", size);
      case LeadingFrame.Whole whole -> {
        require(whole.size() == size && frame.isFin(), "not whole in %d", size);
        require(
            frame.getOpCode() == FrameEncoder.opCode(whole.message()), "another kind, %d", size);
        require(
            Arrays.equals(whole.message().bytes(), payload(frame)), "another payload in %d", size);
      }
      case LeadingFrame.Unfinished _ -> require(false, "unfinished, but Jetty has it: %d", size);
      case LeadingFrame.Other _ -> {}
    }
  }

  private static byte[] payload(Frame frame) {
    byte[] bytes = new byte[frame.getPayloadLength()];
    if (frame.hasPayload()) {
      frame.getPayload().duplicate().get(bytes);
    }
    return bytes;
  }

  private static void require(boolean holds, String what, int number) {
    if (!holds) {
      throw new AssertionError(what.formatted(number));
    }
  }

  /// The messages as [Assembly] puts them together, beside a plainer way.
  private static final class Messages {
    private final Assembly assembly = new Assembly(LIMIT, Burden.none(), _ -> {});
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private boolean text;
    private boolean open;

    /// @return whether more may follow
    boolean take(Frame frame) {
      if (OpCode.isControlFrame(frame.getOpCode())) {
        return frame.getOpCode() != OpCode.CLOSE;
      }
      boolean goesOn = frame.getOpCode() == OpCode.CONTINUATION;
      if (goesOn != open) {
        return false;
      }
      if (!goesOn) {
        text = frame.getOpCode() == OpCode.TEXT;
      }
      plain.writeBytes(payload(frame));
      open = !frame.isFin();
      byte[] all = plain.toByteArray();
      return switch (assembly.add(frame)) {
        case Assembly.Part _ -> {
          require(open && all.length <= LIMIT, "a part that is none, %d", all.length);
          yield true;
        }
        case Assembly.Whole(Message message) -> {
          plain.reset();
          require(!open && Arrays.equals(message.bytes(), all), "another message, %d", all.length);
          require(message instanceof Message.Text == text, "another kind, %d", all.length);
          require(!text || isText(all), "no text, %d", all.length);
          yield true;
        }
        case Assembly.Bad(CloseCode code) -> {
          require(
              code == CloseCode.TOO_BIG ? all.length > LIMIT : !open && text && !isText(all),
              "refused without a reason, %d",
              all.length);
          yield false;
        }
      };
    }

    private static boolean isText(byte[] bytes) {
      try {
        CharBuffer _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        return true;
      } catch (CharacterCodingException _) {
        return false;
      }
    }
  }
}
