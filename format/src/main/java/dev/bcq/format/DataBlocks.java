package dev.bcq.format;

import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.format.MatrixEntry.Float32;
import dev.bcq.format.MatrixEntry.Int8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All blocks of a directory with the names of their owners, in the order of the data section. */
final class DataBlocks {
  private final List<Named> blocks = new ArrayList<>();

  private DataBlocks() {}

  /** A block and what it belongs to. */
  record Named(String owner, DataBlock block) {}

  /**
   * Returns the blocks, after checking that they fill the data section: aligned, disjoint, nothing
   * else between them.
   *
   * @param length bytes of the data section
   */
  static List<Named> of(BcqDirectory directory, long length) {
    DataBlocks all = new DataBlocks();
    directory.matrices().forEach(all::add);
    directory.tensors().forEach(tensor -> all.add(tensor.name(), tensor.values()));
    all.add(directory.tokenizer());
    all.blocks.sort(
        Comparator.comparingLong((Named named) -> named.block().offset())
            .thenComparingLong(named -> named.block().length()));
    all.check(length);
    return all.blocks;
  }

  private void check(long length) {
    long end = 0;
    for (Named named : blocks) {
      DataBlock block = named.block();
      Checks.require(
          block.offset() == FileHeader.align(end),
          "offset of the data of " + named.owner(),
          block.offset(),
          FileHeader.align(end) + ", the next multiple of 64");
      Checks.require(
          block.length() >= 0
              && block.length() <= Math.min(Integer.MAX_VALUE, length - block.offset()),
          "length of the data of " + named.owner(),
          block.length(),
          "at most " + (length - block.offset()) + " bytes, which the file has left, and 2^31 - 1");
      end = block.offset() + block.length();
    }
    Checks.require(end == length, "data section", length + " bytes", end + " bytes");
  }

  private void add(MatrixEntry matrix) {
    String name = matrix.name();
    if (matrix.storage() instanceof BitPlanes planes) {
      for (MatrixEntry.RowBlock rows : planes.blocks()) {
        add(name, rows.bits());
        add(name, rows.scales());
      }
      add(name, planes.permutation());
    } else if (matrix.storage() instanceof Float32 dense) {
      add(name, dense.values());
    } else if (matrix.storage() instanceof Int8 int8) {
      add(name, int8.values());
      add(name, int8.scales());
    }
  }

  private void add(@Nullable TokenizerEntry tokenizer) {
    if (tokenizer != null) {
      TokenizerBlocks.list(tokenizer, block -> add("tokenizer", block));
    }
  }

  private void add(String owner, @Nullable DataBlock block) {
    if (block != null) {
      blocks.add(new Named(owner, block));
    }
  }
}
