package dev.bcq.converter.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickles written opcode by opcode, right ones and others. */
public final class PickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Writes opcodes or other bytes as they are, one for each character. */
  public PickleWriter raw(String latin1) {
    bytes.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Writes what raw writes many times. */
  public PickleWriter repeat(String latin1, int times) {
    return raw(latin1.repeat(times));
  }

  /** Writes a number of 32 bits. */
  public PickleWriter u32(long number) {
    ByteBuffer four = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.writeBytes(four.putInt((int) number).array());
    return this;
  }

  /** Writes a number of 64 bits. */
  public PickleWriter u64(long number) {
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
    return this;
  }

  /** Writes bytes as they are. */
  public PickleWriter bytes(byte[] content) {
    bytes.writeBytes(content);
    return this;
  }

  /** Returns whether nothing has been written. */
  public boolean isEmpty() {
    return bytes.size() == 0;
  }

  /** Pushes a string. */
  public PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    raw("X").u32(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  /** Pushes a number. */
  public PickleWriter number(long number) {
    return raw("\u008a\u0008").u64(number);
  }

  /** Pushes a class or function. */
  public PickleWriter global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  /** Ends the pickle and returns it. */
  public byte[] stop() {
    return raw(".").bytes.toByteArray();
  }
}
