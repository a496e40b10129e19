package dev.dormouse.saga.facility;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What goes between two rooms at once. Nothing keeps it.
///
/// @param number the letter's in its lane; 0 for one that is not kept, or if there is none; -1 for
///   word from the process itself
/// @param taken the number of the last letter that its sender has taken from its receiver
/// @param first the number of the first letter that its sender still keeps for its receiver, or 0
///   if that is not said
/// @param settles the number of a command of its receiver that need not come again; 0 for none
/// @param letter empty if there is none
/// @param asks steps that its sender remembers: have the receiver's sagas ended?
/// @param ended steps of sagas of the sender's that have: its receiver need not remember them once
///   it has taken all letters up to `behind`
record Envelope(
    long number,
    long taken,
    long first,
    long settles,
    byte[] letter,
    List<StepName> asks,
    List<StepName> ended,
    long behind) {
  private static final long NOTE = -1;
  private static final byte[] NOTHING = {};

  Envelope(long number, long taken, long first, long settles, byte[] letter) {
    this(number, taken, first, settles, letter, List.of(), List.of(), 0);
  }

  static Envelope receipt(long taken, long settles) {
    return new Envelope(0, taken, 0, settles, NOTHING);
  }

  /// Word from the process itself to a room, in no lane.
  static Envelope note(byte[] letter) {
    return new Envelope(NOTE, 0, 0, 0, letter);
  }

  Envelope asking(List<StepName> steps) {
    return new Envelope(number, taken, first, settles, letter, steps, ended, behind);
  }

  Envelope telling(List<StepName> steps, long behind) {
    return new Envelope(number, taken, first, settles, letter, asks, steps, behind);
  }

  boolean isNote() {
    return number == NOTE;
  }

  boolean isEmpty() {
    return letter.length == 0;
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + letter.length);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(number);
      out.writeLong(taken);
      out.writeLong(first);
      out.writeLong(settles);
      out.writeInt(letter.length);
      out.write(letter);
      write(out, asks);
      write(out, ended);
      out.writeLong(behind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, List<StepName> steps) throws IOException {
    out.writeInt(steps.size());
    for (StepName step : steps) {
      out.writeUTF(step.saga());
      out.writeInt(step.step());
    }
  }

  static Envelope read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new Envelope(
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          in.readNBytes(in.readInt()),
          steps(in),
          steps(in),
          in.readLong());
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged envelope", e);
    }
  }

  private static List<StepName> steps(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count == 0) {
      return List.of();
    }
    List<StepName> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      steps.add(new StepName(in.readUTF(), in.readInt()));
    }
    return steps;
  }
}
