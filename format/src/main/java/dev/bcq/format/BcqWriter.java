package dev.bcq.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Writes a model file. Data is spooled to a temporary file beside the target as it comes; the
 * target appears complete, by renaming, or not at all; temporary files go with the process if not
 * before, and those of a process that was killed when the same target is written again. The same
 * calls give the same bytes. Not thread-safe.
 */
public final class BcqWriter implements AutoCloseable {
  private final Path target;
  private final boolean replace;
  private final TemporaryFile spoolFile;
  private final FileChannel spool;
  private long end;

  private BcqWriter(Path target, boolean replace, TemporaryFile spoolFile) {
    this.target = target;
    this.replace = replace;
    this.spoolFile = spoolFile;
    this.spool = spoolFile.channel();
  }

  /**
   * Begins a file.
   *
   * @param replace whether an existing file may be replaced
   * @throws UncheckedIOException if the target exists and may not be replaced, or its directory
   *     cannot be written
   */
  public static BcqWriter create(Path target, boolean replace) {
    Path absolute = target.toAbsolutePath();
    try {
      if (!replace && Files.exists(absolute)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      TemporaryFile spoolFile = TemporaryFile.beside(absolute);
      TemporaryFile.deleteAbandoned(absolute);
      return new BcqWriter(absolute, replace, spoolFile);
    } catch (FileAlreadyExistsException e) {
      throw new UncheckedIOException(target + " exists already", e);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /**
   * Appends a block.
   *
   * @param parts its bytes, each from position to limit; positions do not change
   */
  public DataBlock addBlock(ByteBuffer... parts) {
    try {
      long offset = FileHeader.align(end);
      write(spool, ByteBuffer.allocate((int) (offset - end)), end);
      CRC32 crc = new CRC32();
      long at = offset;
      for (ByteBuffer part : parts) {
        crc.update(part.duplicate());
        at = write(spool, part.duplicate(), at);
      }
      end = at;
      return new DataBlock(offset, at - offset, (int) crc.getValue());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Appends the blocks of a tokenizer. */
  public TokenizerEntry addTokenizer(TokenizerModel model) {
    return new TokenizerBlocks(this::addBlock).add(model);
  }

  /**
   * Opens what has been written so far as a model, checked as any file is, without making the
   * target.
   *
   * @throws BcqFormatException if directory and data do not fit
   */
  public BcqFile draft(BcqDirectory directory) {
    try {
      ByteBuffer bytes = encode(directory);
      long length = FileHeader.of(bytes, end).fileLength();
      return BcqFile.of(String.valueOf(target.getFileName()), length, bytes, spool, 0, end);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Makes the target: written beside it, forced to disk, renamed.
   *
   * @throws BcqFormatException if directory and data do not fit
   */
  public void commit(BcqDirectory directory) {
    draft(directory);
    try (TemporaryFile complete = TemporaryFile.beside(target)) {
      writeComplete(complete.channel(), encode(directory));
      if (!replace && Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      complete.moveTo(target);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void writeComplete(FileChannel channel, ByteBuffer directory) throws IOException {
    FileHeader header = FileHeader.of(directory, end);
    long at = write(channel, header.write(), 0);
    at = write(channel, directory, at);
    write(channel, ByteBuffer.allocate((int) (header.dataOffset() - at)), at);
    channel.position(header.dataOffset());
    for (long copied = 0; copied < end; ) {
      copied += spool.transferTo(copied, end - copied, channel);
    }
    channel.force(true);
  }

  /** Deletes what was written unless it was committed. */
  @Override
  public void close() {
    try {
      spoolFile.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static ByteBuffer encode(BcqDirectory directory) {
    ByteBuffer encoded = DirectoryEncoder.encode(directory);
    ByteBuffer bytes = ByteBuffer.allocate(encoded.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(encoded);
    ((Buffer) bytes).flip();
    return bytes;
  }

  private static long write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
    return position;
  }

  private UncheckedIOException failed(IOException e) {
    return failed(target, e);
  }

  private static UncheckedIOException failed(Path target, IOException e) {
    String reason =
        e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    return new UncheckedIOException(target + " cannot be written: " + reason, e);
  }
}
