package dev.bcq.converter.quantize;

import dev.bcq.format.BitPlaneLayout;
import dev.bcq.format.Float16;
import dev.bcq.format.MatrixEntry.ScaleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packs rows of codes and scales into layout T16. */
final class BlockPacker {
  private final int rows;
  private final int planes;
  private final int groups;
  private final int slots;
  private final ScaleType type;
  private final byte[] bits;
  private final ByteBuffer scales;

  BlockPacker(int rows, int cols, int planes, int groupSize, boolean offset, ScaleType type) {
    this.rows = rows;
    this.planes = planes;
    this.groups = BitPlaneLayout.groups(cols, groupSize);
    this.slots = offset ? planes + 1 : planes;
    this.type = type;
    this.bits = new byte[Math.toIntExact(BitPlaneLayout.bitsLength(rows, cols, planes))];
    long count = BitPlaneLayout.scaleCount(rows, cols, planes, groupSize, offset);
    int width = type == ScaleType.FLOAT16 ? 2 : 4;
    this.scales =
        ByteBuffer.allocate(Math.toIntExact(count * width)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Packs a row.
   *
   * @param codes code of each column, the first plane in the highest bit
   * @param slotValues scales and offset of each group
   */
  void put(int row, int[] codes, float[] slotValues) {
    pack(bits, row, codes, planes);
    for (int group = 0; group < groups; group++) {
      for (int slot = 0; slot < slots; slot++) {
        int index = (int) BitPlaneLayout.scaleIndex(row, group, slot, groups, slots);
        float value = slotValues[group * slots + slot];
        if (type == ScaleType.FLOAT16) {
          scales.putShort(2 * index, Float16.fromFloat(value));
        } else {
          scales.putFloat(4 * index, value);
        }
      }
    }
  }

  /**
   * Packs the planes of a row.
   *
   * @param bits receives them, those of all rows
   * @param codes code of each column, the first plane in the highest bit
   */
  static void pack(byte[] bits, int row, int[] codes, int planes) {
    int cols = codes.length;
    int chunks = BitPlaneLayout.chunks(cols);
    for (int plane = 0; plane < planes; plane++) {
      int shift = planes - 1 - plane;
      for (int octet = 0; octet < cols; octet += 8) {
        int value = 0;
        for (int i = 0; i < Math.min(8, cols - octet); i++) {
          value |= ((codes[octet + i] >> shift) & 1) << i;
        }
        bits[(int) BitPlaneLayout.byteOffset(row, octet, plane, chunks, planes)] = (byte) value;
      }
    }
  }

  EncodedMatrix.Block block() {
    return new EncodedMatrix.Block(rows, planes, ByteBuffer.wrap(bits), scales);
  }
}
