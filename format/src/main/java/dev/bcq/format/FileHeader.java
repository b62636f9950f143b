package dev.bcq.format;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The first 64 bytes of a file.
 *
 * @param directoryCrc CRC-32 of the directory
 * @param directoryLength bytes of the directory, which begins behind the header
 * @param dataOffset first byte of the data section
 * @param fileLength bytes of the file
 */
record FileHeader(int directoryCrc, long directoryLength, long dataOffset, long fileLength) {
  static final int LENGTH = 64;
  static final int VERSION = 1;
  static final int ALIGNMENT = 64;
  static final long MAX_DIRECTORY = 256L << 20;

  /** As in PNG: a first byte that is no text, line ends that a text transfer would change. */
  private static final byte[] MAGIC = {(byte) 0x89, 'B', 'C', 'Q', '\r', '\n', 0x1a, '\n'};

  /** Returns the header of a directory and data of these sizes. */
  static FileHeader of(ByteBuffer directory, long dataLength) {
    long dataOffset = align(LENGTH + (long) directory.remaining());
    return new FileHeader(
        crc(directory), directory.remaining(), dataOffset, dataOffset + dataLength);
  }

  ByteBuffer write() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(directoryCrc);
    bytes.putLong(directoryLength).putLong(dataOffset).putLong(fileLength);
    ((Buffer) bytes).position(LENGTH - 4);
    ByteBuffer checked = bytes.duplicate();
    ((Buffer) checked).flip();
    bytes.putInt(crc(checked));
    ((Buffer) bytes).flip();
    return bytes;
  }

  /**
   * Reads and checks a header.
   *
   * @param bytes the first 64 bytes, little-endian; fewer if the file is shorter
   * @param length bytes that there are
   */
  static FileHeader read(ByteBuffer bytes, long length, String name) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= bytes.remaining() || bytes.get(i) != MAGIC[i]) {
        throw new BcqFormatException(
            name + " is not a .bcq file: it does not begin with the signature \\x89BCQ");
      }
    }
    if (bytes.remaining() < LENGTH) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "%s is truncated: expected a header of %d bytes, found %d bytes",
              name,
              LENGTH,
              length));
    }
    int version = bytes.getInt(8);
    if (version != VERSION) {
      String found =
          String.format(
              Locale.ROOT,
              "%s has format version %s; this program reads version %d",
              name,
              Integer.toUnsignedString(version),
              VERSION);
      throw Integer.compareUnsigned(version, VERSION) > 0
          ? new NewerFormatException(found + ": use a newer program")
          : new BcqFormatException(found);
    }
    ByteBuffer checked = bytes.duplicate();
    ((Buffer) checked).limit(LENGTH - 4);
    if (crc(checked) != bytes.getInt(LENGTH - 4)) {
      throw new BcqFormatException(name + " is damaged: the header's checksum does not match");
    }
    FileHeader header =
        new FileHeader(bytes.getInt(12), bytes.getLong(16), bytes.getLong(24), bytes.getLong(32));
    header.check(length, name);
    return header;
  }

  private void check(long length, String name) {
    if (fileLength != length) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "%s is %s: expected %d bytes, found %d",
              name,
              length < fileLength ? "truncated" : "too long",
              fileLength,
              length));
    }
    boolean directoryFits =
        directoryLength >= 8
            && directoryLength <= MAX_DIRECTORY
            && directoryLength <= fileLength - LENGTH;
    if (!directoryFits
        || dataOffset != align(LENGTH + directoryLength)
        || dataOffset > fileLength) {
      throw new BcqFormatException(
          String.format(
              Locale.ROOT,
              "%s: the header is inconsistent: directory of %d bytes, data at %d, file of %d bytes",
              name,
              directoryLength,
              dataOffset,
              fileLength));
    }
  }

  static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
