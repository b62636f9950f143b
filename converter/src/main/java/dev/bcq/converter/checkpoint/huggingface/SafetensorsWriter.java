package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.ModelTensors.FloatTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongConsumer;

/** Writes tensors as float32 into one safetensors file; a row at a time is held in memory. */
final class SafetensorsWriter {
  private static final int BUFFER = 1 << 16;
  private static final int ALIGNMENT = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /**
   * Writes a new file and forces it to disk.
   *
   * @param written is told of the number of values after each tensor
   */
  static void write(Path file, List<FloatTensor> tensors, LongConsumer written) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = header(tensors);
      ByteBuffer length = buffer(Long.BYTES).putLong(header.length).flip();
      drain(length, channel);
      drain(ByteBuffer.wrap(header), channel);
      for (FloatTensor tensor : tensors) {
        write(tensor, channel);
        written.accept(tensor.count());
      }
      channel.force(true);
    }
  }

  private static byte[] header(List<FloatTensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    // transformers refuses files that do not say so.
    header.putObject("__metadata__").put("format", "pt");
    long end = 0;
    for (FloatTensor tensor : tensors) {
      long begin = end;
      end += tensor.count() * Float.BYTES;
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", "F32");
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(begin).add(end);
    }
    String text = JSON.writeValueAsString(header);
    // Only ASCII names occur; spaces in the end let the data begin at a multiple of 8.
    return (text + " ".repeat(-text.length() & (ALIGNMENT - 1)))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void write(FloatTensor tensor, FileChannel channel) throws IOException {
    int cols = tensor.cols();
    float[] row = new float[cols];
    ByteBuffer bytes = buffer(Math.max(BUFFER, Math.multiplyExact(cols, Float.BYTES)));
    int rows = Math.toIntExact(tensor.count() / cols);
    for (int i = 0; i < rows; i++) {
      tensor.rows().read(i, row);
      if (bytes.remaining() < cols * Float.BYTES) {
        drain(bytes.flip(), channel);
        bytes.clear();
      }
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    drain(bytes.flip(), channel);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void drain(ByteBuffer bytes, FileChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
