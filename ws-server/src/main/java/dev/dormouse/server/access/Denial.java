package dev.dormouse.server.access;

/// Why a client is not let in. What is said of it names no part of the token.
public enum Denial {
  NO_TOKEN(401, "a token is needed here: Authorization: Bearer, ?token= or a sub-protocol"),
  TWO_TOKENS(400, "there is more than one token; show one"),
  MALFORMED(401, "the token is no signed JWT"),
  UNKNOWN_KEY(401, "the token is signed with a key that this server does not know"),
  BAD_SIGNATURE(401, "the token's signature is not that of its key"),
  EXPIRED(401, "the token has expired"),
  REVOKED(401, "the token has been revoked"),
  NOT_YET_VALID(401, "the token is not valid yet"),
  NO_EXPIRY(401, "the token has no end ('exp')"),
  WRONG_ISSUER(401, "the token's issuer ('iss') is not the one that this server trusts"),
  WRONG_AUDIENCE(401, "the token is for somebody else ('aud')"),
  BAD_CLAIMS(401, "the token's claims cannot be read"),
  NOT_GRANTED(403, "the token does not allow that here"),
  OTHER_HOLDER(403, "the token is somebody else's"),
  NO_KEYS(503, "the keys for tokens cannot be had at present");

  private final int status;
  private final String sentence;

  Denial(int status, String sentence) {
    this.status = status;
    this.sentence = sentence;
  }

  /// The HTTP status that says the same.
  public int status() {
    return status;
  }

  public String sentence() {
    return sentence;
  }

  /// A client that is not let in. Its message is the sentence, with what is missing if that is
  /// known.
  public static final class Found extends Exception {
    private static final long serialVersionUID = 1;
    private final Denial denial;

    Found(Denial denial, String sentence) {
      // No stack trace and no cause: this is an answer, and a cause could quote the token.
      super(sentence, null, false, false);
      this.denial = denial;
    }

    public Denial denial() {
      return denial;
    }
  }

  Found found() {
    return new Found(this, sentence);
  }

  /// @param missing the grant that would do, which is no secret: it is what was asked for
  Found found(String missing) {
    return new Found(this, sentence + ": it needs " + missing);
  }
}
