package dev.bcq.converter.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are read where they lie. */
public final class MappedFile {

  private MappedFile() {}

  /**
   * Maps a whole file for reading.
   *
   * @param arena as long as it is open, the bytes can be read
   * @throws CheckpointException if the file cannot be read
   */
  public static MemorySegment map(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new CheckpointException(file.getFileName() + " cannot be read: " + e.getMessage(), e);
    }
  }
}
