package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dormouse.room.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Which tokens are good.
class TokensTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant LATER = StillExecution.BEGINNING.plus(HOUR);

  // Made once: RSA keys take their time.
  private static final Mint RSA = Mint.rsa("rsa");
  private static final Mint CURVE = Mint.curve("curve");
  private static final Mint EDWARDS = Mint.edwards("ed");
  private static final Mint SECRET = Mint.secret(Mint.SECRET);

  private final StillExecution execution = new StillExecution();

  private Tokens tokens(String issuer, String... audiences) {
    List<Keys> keys = new ArrayList<>();
    keys.add(keys(() -> List.of(new SigningKey(null, Algorithm.HS256, SECRET.signs()))));
    keys.add(keys(() -> KeyDocument.read(Mint.document(RSA, CURVE, EDWARDS), false)));
    return new Tokens(
        keys,
        new Tokens.Rules(issuer, List.of(audiences), Duration.ofSeconds(30), "dormouse"),
        null,
        execution);
  }

  private Keys keys(KeySource source) {
    Keys keys = new Keys("here", source, HOUR.multipliedBy(100), execution);
    try {
      keys.open();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return keys;
  }

  private static Denial denial(Tokens tokens, String token) {
    return assertThrows(Denial.Found.class, () -> tokens.check(token)).denial();
  }

  private Denial denial(String token) {
    return denial(tokens(""), token);
  }

  @Nested
  class Good_ones {
    @Test
    void are_signed_in_one_of_four_ways() throws Exception {
      for (Mint mint : List.of(SECRET, RSA, CURVE, EDWARDS)) {
        Person ann = tokens("").check(mint.token("ann", LATER, "write:chat/**"));
        assertThat(ann.subject()).isEqualTo("ann");
        assertThat(ann.grants().at("chat/lobby")).contains(Access.WRITE);
        assertThat(ann.claims()).containsEntry("sub", "ann");
        assertThat(ann.until()).isEqualTo(LATER.plusSeconds(30));
      }
    }

    @Test
    void need_not_name_their_key() throws Exception {
      Mint nameless = new Mint(null, RSA.algorithm(), RSA.signs(), RSA.key());
      assertThat(tokens("").check(nameless.token("ann", LATER)).subject()).isEqualTo("ann");
    }

    @Test
    void last_until_their_end_and_as_long_as_clocks_may_differ() throws Exception {
      String token = SECRET.token("ann", LATER);
      execution.pass(HOUR.plusSeconds(29));
      assertThat(tokens("").check(token).subject()).isEqualTo("ann");
      execution.pass(Duration.ofSeconds(2));
      assertThat(denial(token)).isEqualTo(Denial.EXPIRED);
    }

    @Test
    void begin_when_they_say() throws Exception {
      Map<String, Object> later =
          Map.of("nbf", StillExecution.BEGINNING.plusSeconds(60).getEpochSecond());
      String token = SECRET.token("ann", LATER, later);
      assertThat(denial(token)).isEqualTo(Denial.NOT_YET_VALID);
      execution.pass(Duration.ofSeconds(31));
      assertThat(tokens("").check(token).subject()).isEqualTo("ann");
    }

    @Test
    void come_from_whom_they_should_and_are_for_us() throws Exception {
      Tokens strict = tokens("https://id.example", "rooms", "other");
      String good =
          RSA.token(
              "ann", LATER, Map.of("iss", "https://id.example", "aud", List.of("x", "rooms")));
      assertThat(strict.check(good).subject()).isEqualTo("ann");
    }
  }

  @Nested
  class Bad_ones {
    @Test
    void are_signed_by_somebody_else() {
      assertThat(denial(Mint.secret("another secret of thirty-two bytes").token("ann", LATER)))
          .isEqualTo(Denial.BAD_SIGNATURE);
      assertThat(denial(Mint.rsa("rsa").token("ann", LATER))).isEqualTo(Denial.BAD_SIGNATURE);
      assertThat(denial(Mint.curve("stranger").token("ann", LATER))).isEqualTo(Denial.UNKNOWN_KEY);
    }

    @Test
    void were_changed() {
      String[] parts = SECRET.token("ann", LATER, "read:a/b").split("\\.", -1);
      String more = encoded("{\"sub\":\"ann\",\"exp\":2000000000,\"dormouse\":[\"admin:**\"]}");
      assertThat(denial(parts[0] + "." + more + "." + parts[2])).isEqualTo(Denial.BAD_SIGNATURE);
    }

    @Test
    void are_not_signed() {
      String payload = encoded("{\"sub\":\"ann\",\"exp\":2000000000}");
      for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
        String header = encoded("{\"alg\":\"" + none + "\"}");
        assertThat(denial(header + "." + payload + ".")).isEqualTo(Denial.MALFORMED);
      }
      assertThat(denial(encoded("{\"typ\":\"JWT\"}") + "." + payload + "."))
          .isEqualTo(Denial.MALFORMED);
    }

    @Test
    void take_a_public_key_for_a_secret() {
      // The old trick: HS256 with what everybody can read of an RSA key.
      PublicKey open = RSA.key() == null ? null : (PublicKey) RSA.key().getKey();
      byte[] encoded = open == null ? new byte[0] : open.getEncoded();
      byte[] pem =
          ("-----BEGIN PUBLIC KEY-----\n"
                  + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                  + "\n-----END PUBLIC KEY-----\n")
              .getBytes(StandardCharsets.UTF_8);
      Tokens publicOnly =
          new Tokens(
              List.of(keys(() -> KeyDocument.read(Mint.document(RSA), false))),
              new Tokens.Rules("", List.of(), Duration.ZERO, "dormouse"),
              null,
              execution);
      for (byte[] secret : List.of(encoded, pem)) {
        Mint forger = new Mint("rsa", "HS256", new HmacKey(secret), null);
        assertThat(denial(publicOnly, forger.token("ann", LATER))).isEqualTo(Denial.UNKNOWN_KEY);
        assertThat(denial(forger.token("ann", LATER))).isEqualTo(Denial.BAD_SIGNATURE);
      }
    }

    @Test
    void use_a_key_in_another_way_than_its_own() {
      for (String algorithm : List.of("RS384", "RS512", "PS256")) {
        Mint other = new Mint("rsa", algorithm, RSA.signs(), RSA.key());
        assertThat(denial(other.token("ann", LATER))).isEqualTo(Denial.MALFORMED);
      }
      Mint longer = new Mint(null, "HS512", new HmacKey(new byte[64]), null);
      assertThat(denial(longer.token("ann", LATER))).isEqualTo(Denial.MALFORMED);
    }

    @Test
    void bring_their_own_key() {
      Mint forger = Mint.rsa("mine");
      String header =
          encoded(
              "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jwk\":"
                  + (forger.key() == null ? "" : forger.key().toJson())
                  + "}");
      String[] parts =
          new Mint("rsa", "RS256", forger.signs(), null).token("ann", LATER).split("\\.", -1);
      assertThat(denial(header + "." + parts[1] + "." + parts[2])).isEqualTo(Denial.BAD_SIGNATURE);
    }

    @Test
    void never_end() {
      assertThat(denial(SECRET.token("ann", null, Map.of()))).isEqualTo(Denial.NO_EXPIRY);
    }

    @Test
    void come_from_others_or_are_for_others() {
      Tokens strict = tokens("https://id.example", "rooms");
      String theirs =
          RSA.token("ann", LATER, Map.of("iss", "https://evil.example", "aud", "rooms"));
      String forThem = RSA.token("ann", LATER, Map.of("iss", "https://id.example", "aud", "shop"));
      String silent = RSA.token("ann", LATER, Map.of());
      assertThat(denial(strict, theirs)).isEqualTo(Denial.WRONG_ISSUER);
      assertThat(denial(strict, forThem)).isEqualTo(Denial.WRONG_AUDIENCE);
      assertThat(denial(strict, silent)).isIn(Denial.WRONG_ISSUER, Denial.WRONG_AUDIENCE);
      assertThat(denial(forThem)).as("no audience is expected").isEqualTo(Denial.WRONG_AUDIENCE);
    }

    @Test
    void have_claims_that_are_none() {
      assertThat(denial(SECRET.sign("no json"))).isEqualTo(Denial.BAD_CLAIMS);
      assertThat(denial(SECRET.sign("[]"))).isEqualTo(Denial.BAD_CLAIMS);
      assertThat(denial(SECRET.sign("{\"sub\":[1],\"exp\":2000000000}")))
          .isEqualTo(Denial.BAD_CLAIMS);
      assertThat(denial(SECRET.sign("{\"sub\":\"ann\",\"exp\":\"soon\"}")))
          .isEqualTo(Denial.BAD_CLAIMS);
    }

    @Test
    void are_anything_at_all() {
      for (String odd :
          List.of(
              "",
              "x",
              "..",
              "a.b.c",
              "a.b.c.d.e",
              "\u0000.\u0000.\u0000",
              encoded("{}") + "..",
              encoded("[".repeat(3_000)) + ".e30.x",
              "e30." + "x".repeat(9_000) + ".x")) {
        assertThat(denial(odd)).as(odd).isEqualTo(Denial.MALFORMED);
      }
    }

    @Test
    void are_not_quoted() {
      Denial.Found no =
          assertThrows(
              Denial.Found.class,
              () -> tokens("").check(SECRET.token("ann-the-secret", Instant.EPOCH)));
      assertThat(no.getMessage()).isEqualTo("the token has expired");
      assertThat(no.getCause()).isNull();
    }

    private static String encoded(String text) {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
