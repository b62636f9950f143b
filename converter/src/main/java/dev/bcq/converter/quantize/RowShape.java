package dev.bcq.converter.quantize;

import dev.bcq.format.Float16;

/**
 * How a row is stored.
 *
 * @param cols number of weights
 * @param planes number of planes
 * @param groupSize columns that share scales, the whole row's included
 * @param offset whether each group has an offset
 * @param halfScales whether scales are stored as binary16
 */
record RowShape(int cols, int planes, int groupSize, boolean offset, boolean halfScales) {

  /** Returns the number of groups, the last one maybe shorter. */
  int groups() {
    return (cols + groupSize - 1) / groupSize;
  }

  /** Returns the scales of a group and its offset. */
  int slots() {
    return offset ? planes + 1 : planes;
  }

  /** Returns the first column of a group; its end is the first of the next. */
  int first(int group) {
    return Math.min(cols, group * groupSize);
  }

  /** Returns the place of a group's first scale. */
  int at(int group) {
    return group * slots();
  }

  /** Returns a scale as it will be stored. */
  float stored(float value) {
    return halfScales ? Float16.toFloat(Float16.fromFloat(value)) : value;
  }

  /** Writes the weights that codes and slots stand for. */
  void restore(int[] codes, float[] slots, Levels levels, float[] into) {
    for (int group = 0; group < groups(); group++) {
      for (int col = first(group); col < first(group + 1); col++) {
        into[col] = levels.sum(codes[col], slots, at(group), offset);
      }
    }
  }
}
