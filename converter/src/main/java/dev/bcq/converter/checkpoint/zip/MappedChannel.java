package dev.bcq.converter.checkpoint.zip;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A mapped file as a channel, for readers that take many single bytes. */
final class MappedChannel implements SeekableByteChannel {
  private final MemorySegment bytes;
  private long position;
  private boolean open = true;

  MappedChannel(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(ByteBuffer into) {
    long left = bytes.byteSize() - position;
    if (left <= 0) {
      return into.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(left, into.remaining());
    into.put(bytes.asSlice(position, count).asByteBuffer());
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return bytes.byteSize();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
