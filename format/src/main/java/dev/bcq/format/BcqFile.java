package dev.bcq.format;

import dev.bcq.format.MatrixEntry.BitPlanes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open model file. Opening checks everything but the data's checksums; the data is mapped
 * read-only and used in place. The mapping lives as long as any buffer of it. Whatever a file says,
 * opening it allocates at most 256 KiB and 64 times its length, garbage included. Immutable and
 * thread-safe.
 */
public final class BcqFile {
  private final String name;
  private final long length;
  private final BcqDirectory directory;
  private final List<DataBlocks.Named> blocks;
  private final MappedData data;
  private final @Nullable TokenizerModel tokenizer;

  private BcqFile(
      String name,
      long length,
      BcqDirectory directory,
      FileChannel channel,
      long dataStart,
      long dataLength)
      throws IOException {
    this.name = name;
    this.length = length;
    this.directory = directory;
    checkNames(directory);
    this.blocks = DataBlocks.of(directory, dataLength);
    this.data = MappedData.map(channel, dataStart, blocks);
    directory.matrices().forEach(this::checkPermutation);
    this.tokenizer =
        directory.tokenizer() == null
            ? null
            : new TokenizerReader(this).read(directory.tokenizer(), directory.config());
  }

  /**
   * Opens a file.
   *
   * @throws BcqFormatException if it is missing, or not a {@code .bcq} file that this version can
   *     use
   */
  public static BcqFile open(Path file) {
    if (Files.isDirectory(file)) {
      throw new BcqFormatException(
          file + " is a directory; expected a .bcq file (bcq-convert makes one from a checkpoint)");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return open(channel, 0, channel.size(), String.valueOf(file.getFileName()));
    } catch (NoSuchFileException e) {
      throw new BcqFormatException(file + " does not exist", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Opens a model that lies inside a larger file. The channel may be closed afterwards; its
   * position does not change.
   *
   * @param offset first byte, at any alignment
   * @param length bytes of the model
   * @throws BcqFormatException if the region does not hold a {@code .bcq} file that this version
   *     can use
   */
  public static BcqFile open(FileChannel channel, long offset, long length) {
    try {
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw new BcqFormatException(
            String.format(
                Locale.ROOT,
                "the region of %d bytes at %d is not inside the file of %d bytes",
                length,
                offset,
                channel.size()));
      }
      return open(channel, offset, length, "the model at byte " + offset);
    } catch (IOException e) {
      throw new UncheckedIOException("the model cannot be read: " + e.getMessage(), e);
    }
  }

  private static BcqFile open(FileChannel channel, long offset, long length, String name)
      throws IOException {
    try {
      ByteBuffer first = read(channel, offset, (int) Math.min(FileHeader.LENGTH, length));
      FileHeader header = FileHeader.read(first, length, name);
      ByteBuffer directory =
          read(channel, offset + FileHeader.LENGTH, (int) header.directoryLength());
      if (FileHeader.crc(directory) != header.directoryCrc()) {
        throw new BcqFormatException("the directory's checksum does not match");
      }
      long dataLength = length - header.dataOffset();
      return of(name, length, directory, channel, offset + header.dataOffset(), dataLength);
    } catch (BcqFormatException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(name)
          ? e
          : new BcqFormatException(name + " is damaged or hostile: " + message, e);
    }
  }

  /** Opens a directory whose data lies elsewhere. */
  static BcqFile of(
      String name,
      long length,
      ByteBuffer directory,
      FileChannel channel,
      long dataStart,
      long dataLength)
      throws IOException {
    DirectoryStructure.check(directory);
    BcqDirectory decoded =
        DirectoryDecoder.decode(directory.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    return new BcqFile(name, length, decoded, channel, dataStart, dataLength);
  }

  /** Returns everything small in the file. */
  public BcqDirectory directory() {
    return directory;
  }

  /** Returns the bytes of the file. */
  public long length() {
    return length;
  }

  /** Returns the tokenizer, or null if the model serves token ids only. */
  public @Nullable TokenizerModel tokenizer() {
    return tokenizer;
  }

  /**
   * Returns the bytes of a block: a read-only, direct, little-endian view of the mapping, from
   * position 0.
   *
   * @param block a block of this file's directory
   */
  public ByteBuffer block(DataBlock block) {
    return data.block(block);
  }

  /**
   * Reads all data and compares checksums.
   *
   * @throws BcqFormatException naming what the first damaged block belongs to
   */
  public void verifyChecksums() {
    for (DataBlocks.Named named : blocks) {
      int found = FileHeader.crc(block(named.block()));
      if (found != named.block().crc32()) {
        throw new BcqFormatException(
            String.format(
                Locale.ROOT,
                "%s is damaged: the data of %s has checksum %08x, expected %08x",
                name,
                named.owner(),
                found,
                named.block().crc32()));
      }
    }
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new BcqFormatException("the file ended while it was read");
      }
    }
    ((Buffer) bytes).flip();
    return bytes;
  }

  private static void checkNames(BcqDirectory directory) {
    Set<String> names = new HashSet<>();
    directory.matrices().forEach(matrix -> checkNew(names, matrix.name()));
    directory.tensors().forEach(tensor -> checkNew(names, tensor.name()));
  }

  private static void checkNew(Set<String> names, String name) {
    Checks.require(names.add(name), name, "described twice", "one description");
  }

  private void checkPermutation(MatrixEntry matrix) {
    if (matrix.storage() instanceof BitPlanes planes && planes.permutation() != null) {
      ByteBuffer rows = block(planes.permutation());
      BitSet seen = new BitSet(matrix.rows());
      for (int i = 0; i < matrix.rows(); i++) {
        int row = rows.getInt(4 * i);
        if (row < 0 || row >= matrix.rows() || seen.get(row)) {
          throw Checks.wrong(
              "permutation of " + matrix.name() + " at " + i,
              "",
              row,
              "each of 0 to " + (matrix.rows() - 1) + " once");
        }
        seen.set(row);
      }
    }
  }
}
