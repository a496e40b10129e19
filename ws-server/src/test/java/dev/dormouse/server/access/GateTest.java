package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dormouse.hibernation.Renewals.Answer;
import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Access;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Who may do what.
class GateTest {
  private static final Instant LATER = StillExecution.BEGINNING.plus(Duration.ofHours(1));
  private static final Mint MINT = Mint.secret(Mint.SECRET);
  private static final Namespace CHAT = Namespace.named("chat", _ -> new Room() {}).build();
  private static final Namespace FREE =
      Namespace.named("free", _ -> new Room() {}).admitsItself().build();

  private final StillExecution execution = new StillExecution();
  private Gate gate = Gate.open();

  @BeforeEach
  void make() throws IOException {
    Keys keys =
        new Keys(
            "here",
            () -> List.of(new SigningKey(null, Algorithm.HS256, MINT.signs())),
            Duration.ofHours(1),
            execution);
    keys.open();
    gate =
        new Gate(
            new Tokens(
                List.of(keys),
                new Tokens.Rules("", List.of(), Duration.ZERO, "dormouse"),
                null,
                execution),
            Grants.of(List.of("read:chat/public/**")));
  }

  private Person ann(String... grants) throws Denial.Found {
    return gate.identify(MINT.token("ann", LATER, grants));
  }

  private Denial denial(Person person, Namespace namespace, String name, Access wanted) {
    return assertThrows(Denial.Found.class, () -> gate.admit(person, namespace, name, wanted))
        .denial();
  }

  @Test
  void a_token_lets_its_holder_do_what_it_grants() throws Exception {
    Identity identity = gate.admit(ann("write:chat/lobby"), CHAT, "lobby", Access.READ);
    assertThat(identity.access()).isEqualTo(Access.WRITE);
    assertThat(identity.name()).contains("ann");
    assertThat(identity.until()).isEqualTo(LATER);
    assertThat(denial(ann("write:chat/lobby"), CHAT, "other", Access.READ))
        .isEqualTo(Denial.NOT_GRANTED);
    assertThat(denial(ann("read:chat/lobby"), CHAT, "lobby", Access.WRITE))
        .isEqualTo(Denial.NOT_GRANTED);
  }

  @Test
  void who_shows_none_may_do_what_is_configured() throws Exception {
    Identity identity = gate.admit(gate.nobody(), CHAT, "public/hall", Access.READ);
    assertThat(identity).isEqualTo(Identity.anonymous(Access.READ));
    assertThat(denial(gate.nobody(), CHAT, "public/hall", Access.WRITE)).isEqualTo(Denial.NO_TOKEN);
    assertThat(denial(gate.nobody(), CHAT, "lobby", Access.READ)).isEqualTo(Denial.NO_TOKEN);
  }

  @Test
  void a_token_takes_nothing_away_of_what_is_allowed_without_one() throws Exception {
    Identity guest = gate.admit(ann("write:other/**"), CHAT, "public/hall", Access.READ);
    assertThat(guest.access()).isEqualTo(Access.READ);
    assertThat(guest.name()).contains("ann");
    assertThat(gate.admit(ann("write:chat/**"), CHAT, "public/hall", Access.READ).access())
        .isEqualTo(Access.WRITE);
    assertThat(denial(ann("write:other/**"), CHAT, "public/hall", Access.WRITE))
        .isEqualTo(Denial.NOT_GRANTED);
  }

  @Test
  void who_is_not_let_in_hears_which_grant_is_missing() {
    assertThat(
            assertThrows(
                Denial.Found.class,
                () -> gate.admit(ann("read:chat/lobby"), CHAT, "lobby", Access.WRITE)))
        .hasMessage("the token does not allow that here: it needs write:chat/lobby");
  }

  @Test
  void a_namespace_that_decides_itself_sees_everybody() throws Exception {
    assertThat(gate.admit(gate.nobody(), FREE, "x", Access.READ))
        .isEqualTo(Identity.anonymous(Access.WRITE));
    Identity identity = gate.admit(ann("read:free/x"), FREE, "x", Access.READ);
    assertThat(identity.name()).contains("ann");
    assertThat(identity.access()).isEqualTo(Access.WRITE);
  }

  @Test
  void an_open_gate_asks_nobody() throws Exception {
    Gate open = Gate.open();
    assertThat(open.asks()).isFalse();
    assertThat(open.admit(open.identify("rubbish"), CHAT, "lobby", Access.WRITE))
        .isEqualTo(Identity.unasked());
  }

  @Test
  void it_counts_whom_it_lets_in_and_whom_not() throws Exception {
    gate.admit(ann("read:chat/**"), CHAT, "lobby", Access.READ);
    denial(ann(), CHAT, "lobby", Access.READ);
    assertThrows(Denial.Found.class, () -> gate.identify("rubbish"));
    assertThat(gate.admitted().sum()).isEqualTo(1);
    assertThat(gate.denied(Denial.NOT_GRANTED).sum()).isEqualTo(1);
    assertThat(gate.denied(Denial.MALFORMED).sum()).isEqualTo(1);
  }

  @Nested
  class Who_wants_to_stay_longer {
    private final Holders holders = new Holders();
    private final RoomId room = RoomId.of("chat", new byte[RoomId.BYTES], null);
    private final long ann =
        holders.stay(new Identity("ann", Map.of(), Access.READ, LATER)).holder();

    private Longer longer() {
      return new Longer(gate, holders, Map.of("chat", CHAT), _ -> "lobby");
    }

    private Answer look(String token, boolean reads) {
      return longer().look(room, token, ann, reads);
    }

    @Test
    void says_so_in_a_text() {
      Longer longer = longer();
      assertThat(longer.tokenIn(Message.of("{\"dormouse\":\"token\",\"token\":\"a.b.c\"}")))
          .isEqualTo("a.b.c");
      assertThat(longer.tokenIn(Message.of("{\"dormouse\": \"token\", \"token\": \"a.b.c\"}")))
          .isEqualTo("a.b.c");
      for (String other :
          List.of(
              "",
              "x",
              "{\"dormouse\":\"token\"}",
              "{\"dormouse\":\"token\",\"token\":7}",
              "{\"dormouse\":\"other\",\"token\":\"a\"}",
              "{\"dormouse\":",
              "{\"type\":\"token\",\"token\":\"a\"}")) {
        assertThat(longer.tokenIn(Message.of(other))).as(other).isNull();
      }
      assertThat(longer.tokenIn(Message.of("{\"dormouse\"".getBytes(StandardCharsets.UTF_8))))
          .isNull();
    }

    @Test
    void stays_until_the_new_token_ends() {
      Instant end = LATER.plusSeconds(500);
      assertThat(look(MINT.token("ann", end, "write:chat/**"), false))
          .isEqualTo(new Answer.Stays(Stay.until(end, ann, 0)));
      assertThat(look(MINT.token("ann", end, "read:chat/**"), true))
          .isEqualTo(new Answer.Stays(Stay.until(end, ann, 0)));
    }

    @Test
    void goes_if_the_token_is_bad_another_s_or_grants_less() {
      assertThat(code(look("rubbish", true))).isEqualTo(4401);
      assertThat(code(look(MINT.token("ann", Instant.EPOCH, "read:**"), true))).isEqualTo(4401);
      assertThat(code(look(MINT.token("bob", LATER, "write:**"), true))).isEqualTo(4403);
      assertThat(code(look(MINT.token("ann", LATER, "read:chat/**"), false))).isEqualTo(4403);
      assertThat(code(look(MINT.token("ann", LATER, "read:chat/other"), true))).isEqualTo(4403);
    }

    @Test
    void stays_as_he_was_while_the_room_s_name_is_not_known() {
      Longer unknown =
          new Longer(
              gate,
              holders,
              Map.of("chat", CHAT),
              _ -> {
                throw new IOException("the disk is away");
              });
      assertThat(unknown.look(room, MINT.token("ann", LATER, "read:**"), ann, true))
          .isEqualTo(new Answer.Later());
    }

    private static int code(Answer answer) {
      return answer instanceof Answer.Ends(var status) ? status.code() : 0;
    }
  }
}
