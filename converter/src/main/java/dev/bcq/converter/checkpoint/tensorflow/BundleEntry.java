package dev.bcq.converter.checkpoint.tensorflow;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What an index says of a tensor.
 *
 * <p>Source: {@code BundleEntryProto} in {@code tensor_bundle.proto} of TensorFlow.
 *
 * @param type number type, numbered as in {@code types.proto}
 * @param shape dimensions
 * @param shard number of the file of values
 * @param offset first byte there
 * @param size number of bytes
 * @param crc masked checksum of the bytes
 * @param slices parts that a partitioned variable consists of; 0 for a whole one
 */
record BundleEntry(
    int type, List<Long> shape, int shard, long offset, long size, int crc, int slices) {
  private static final int MOST_DIMENSIONS = 8;

  /**
   * Reads an entry.
   *
   * @param name of the tensor, for messages
   * @throws CheckpointException if it is damaged
   */
  static BundleEntry read(String name, ByteBuffer message) {
    List<Long> shape = new ArrayList<>();
    int type = 0;
    int shard = 0;
    long offset = 0;
    long size = 0;
    int crc = 0;
    int slices = 0;
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> type = in.readEnum();
          case 2 -> shape(in.readByteBuffer(), shape);
          case 3 -> shard = in.readInt32();
          case 4 -> offset = in.readInt64();
          case 5 -> size = in.readInt64();
          case 6 -> crc = in.readFixed32();
          case 7 -> {
            slices++;
            in.skipField(tag);
          }
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the index is damaged: what it says of %s is no message".formatted(name), e);
    }
    return new BundleEntry(type, List.copyOf(shape), shard, offset, size, crc, slices);
  }

  private static void shape(ByteBuffer message, List<Long> into) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 2 && into.size() < MOST_DIMENSIONS) {
        into.add(dimension(in.readByteBuffer()));
      } else {
        in.skipField(tag);
      }
    }
  }

  private static long dimension(ByteBuffer message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    long size = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        size = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    return size;
  }
}
