package dev.bcq.format;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The data section, mapped in windows that a {@code ByteBuffer} can address; no block crosses
 * windows.
 */
final class MappedData {
  private final List<Window> windows;

  private MappedData(List<Window> windows) {
    this.windows = windows;
  }

  /** A part of the data section: its first byte there, and its bytes. */
  private record Window(long offset, ByteBuffer bytes) {}

  /** A range of the data section that one mapping covers. */
  record Range(long from, long to) {}

  /**
   * Groups blocks into ranges of at most {@code limit} bytes.
   *
   * @param blocks in order, each shorter than the limit
   */
  static List<Range> ranges(List<DataBlocks.Named> blocks, long limit) {
    List<Range> ranges = new ArrayList<>();
    long from = 0;
    long to = 0;
    for (DataBlocks.Named named : blocks) {
      long end = named.block().offset() + named.block().length();
      if (end - from > limit) {
        ranges.add(new Range(from, to));
        from = named.block().offset();
      }
      to = end;
    }
    ranges.add(new Range(from, to));
    return ranges;
  }

  static MappedData map(FileChannel channel, long start, List<DataBlocks.Named> blocks)
      throws IOException {
    List<Window> windows = new ArrayList<>();
    for (Range range : ranges(blocks, Integer.MAX_VALUE)) {
      ByteBuffer bytes =
          channel.map(
              FileChannel.MapMode.READ_ONLY, start + range.from(), range.to() - range.from());
      windows.add(new Window(range.from(), bytes));
    }
    return new MappedData(windows);
  }

  ByteBuffer block(DataBlock block) {
    for (Window window : windows) {
      long at = block.offset() - window.offset();
      if (at >= 0 && at + block.length() <= window.bytes().capacity()) {
        ByteBuffer bytes = window.bytes().duplicate();
        ((Buffer) bytes).position((int) at).limit((int) (at + block.length()));
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new IllegalArgumentException(block + " is not a block of this file");
  }
}
