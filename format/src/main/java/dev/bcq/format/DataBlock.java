package dev.bcq.format;

/**
 * A range of the data section.
 *
 * @param offset first byte, counted from the start of the data section; a multiple of 64
 * @param length bytes
 * @param crc32 checksum as of {@link java.util.zip.CRC32}
 */
public record DataBlock(long offset, long length, int crc32) {

  /** Returns the bytes from the beginning of a block with a length to that of the next one. */
  public static long paddedLength(long length) {
    return FileHeader.align(length);
  }
}
