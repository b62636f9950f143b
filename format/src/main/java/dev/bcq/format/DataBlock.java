package dev.bcq.format;

/**
 * A range of the data section.
 *
 * @param offset first byte, counted from the start of the data section; a multiple of 64
 * @param length bytes
 * @param crc32 checksum as of {@link java.util.zip.CRC32}
 */
public record DataBlock(long offset, long length, int crc32) {}
