package dev.bcq.converter.checkpoint.tensorflow;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * A checkpoint of TensorFlow 2: {@code PREFIX.index} lists the variables, whose values lie in
 * {@code PREFIX.data-NNNNN-of-NNNNN}. Files are mapped and tensors read in place.
 */
public final class TensorBundle {
  /** End of the names of index files. */
  public static final String SUFFIX = ".index";

  /** End of the keys of variables, behind the path of attributes that leads to them. */
  private static final String VARIABLE = "/.ATTRIBUTES/VARIABLE_VALUE";

  private static final long LONGEST_INDEX = 64L << 20;
  private static final long MOST_VERIFIED_AT_ONCE = 1L << 30;

  private static final Map<Integer, TensorSource.Type> TYPES =
      Map.of(
          1,
          TensorSource.Type.F32,
          2,
          TensorSource.Type.F64,
          3,
          TensorSource.Type.I32,
          5,
          TensorSource.Type.I16,
          6,
          TensorSource.Type.I8,
          9,
          TensorSource.Type.I64,
          14,
          TensorSource.Type.BF16,
          19,
          TensorSource.Type.F16);

  private final Path index;
  private final Arena arena;
  private final Map<String, BundleEntry> entries = new TreeMap<>();
  private final Map<Integer, MemorySegment> shards = new HashMap<>();
  private final Map<Integer, Path> files = new TreeMap<>();
  private final Map<Integer, Long> ends = new HashMap<>();
  private int shardCount = 1;

  private TensorBundle(Path index, Arena arena) {
    this.index = index;
    this.arena = arena;
  }

  /**
   * Reads an index.
   *
   * @param arena as long as it is open, tensors can be read
   * @throws CheckpointException if it is damaged
   */
  public static TensorBundle read(Path index, Arena arena) {
    TensorBundle bundle = new TensorBundle(index, arena);
    String file = String.valueOf(index.getFileName());
    try {
      long length = Files.size(index);
      if (length > LONGEST_INDEX) {
        throw new CheckpointException(
            "%s has %d bytes; an index of a TensorFlow checkpoint has at most %d"
                .formatted(file, length, LONGEST_INDEX));
      }
      new SortedTable(file, Files.readAllBytes(index)).read(bundle::add);
    } catch (IOException e) {
      throw new CheckpointException(index + " cannot be read: " + e.getMessage(), e);
    }
    return bundle;
  }

  private void add(String key, ByteBuffer value) {
    if (key.isEmpty()) {
      header(value);
    } else {
      entries.put(
          key.endsWith(VARIABLE) ? key.substring(0, key.length() - VARIABLE.length()) : key,
          BundleEntry.read(key, value));
    }
  }

  private void header(ByteBuffer message) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> shardCount = in.readInt32();
          case 2 -> {
            if (in.readEnum() != 0) {
              throw new CheckpointException(
                  index.getFileName() + " is big-endian; supported: little-endian");
            }
          }
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          index.getFileName() + " is damaged: its header is no message", e);
    }
  }

  /** Returns the names of all variables, sorted: paths of attributes, joined by slashes. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** Returns the files that {@link #tensors} has read, the index first. */
  public List<Path> files() {
    List<Path> all = new ArrayList<>(List.of(index));
    all.addAll(files.values());
    return all;
  }

  /**
   * Returns variables of numbers by name, sorted, after their checksums were verified.
   *
   * @param wanted names that count; others are not looked at
   * @throws CheckpointException if a file is missing or damaged, or a variable is partitioned
   */
  public Map<String, TensorSource> tensors(Predicate<String> wanted) {
    Map<String, TensorSource> tensors = new TreeMap<>();
    entries.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey()))
        .sorted(Comparator.comparingLong(entry -> entry.getValue().offset()))
        .forEach(entry -> tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue())));
    return tensors;
  }

  private TensorSource tensor(String name, BundleEntry entry) {
    TensorSource.Type type = TYPES.get(entry.type());
    if (type == null || entry.slices() > 0) {
      throw new CheckpointException(
          "%s of %s %s; supported: whole variables of numbers"
              .formatted(
                  name,
                  index.getFileName(),
                  type == null
                      ? "has the type %d of TensorFlow".formatted(entry.type())
                      : "is partitioned"));
    }
    MemorySegment shard = shards.computeIfAbsent(entry.shard(), this::map);
    long size = byteSize(type, entry.shape());
    // Variables in order of their offsets do not overlap, so no byte is verified twice.
    boolean fits =
        size == entry.size()
            && entry.offset() >= ends.getOrDefault(entry.shard(), 0L)
            && entry.offset() <= shard.byteSize()
            && size <= shard.byteSize() - entry.offset();
    if (!fits) {
      throw new CheckpointException(
          "%s is damaged: %s has the shape %s and %d bytes from %d on; %s has %d"
              .formatted(
                  index.getFileName(),
                  name,
                  entry.shape(),
                  entry.size(),
                  entry.offset(),
                  dataFile(entry.shard()),
                  shard.byteSize()));
    }
    ends.put(entry.shard(), entry.offset() + size);
    MemorySegment bytes = shard.asSlice(entry.offset(), size);
    if (checksum(bytes) != entry.crc()) {
      throw new CheckpointException(
          "%s is damaged: the checksum of %s is wrong".formatted(dataFile(entry.shard()), name));
    }
    return new TensorSource(name, type, entry.shape(), bytes);
  }

  /** Returns the bytes of so many values, or -1 if they are none, or too many to be counted. */
  private static long byteSize(TensorSource.Type type, List<Long> shape) {
    long size = type.size();
    for (long dimension : shape) {
      if (dimension < 0 || (dimension > 0 && size > Long.MAX_VALUE / dimension)) {
        return -1;
      }
      size *= dimension;
    }
    return size;
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long from = 0; from < bytes.byteSize(); from += MOST_VERIFIED_AT_ONCE) {
      long length = Math.min(MOST_VERIFIED_AT_ONCE, bytes.byteSize() - from);
      crc.update(bytes.asSlice(from, length).asByteBuffer());
    }
    return SortedTable.masked(crc);
  }

  private String dataFile(int shard) {
    String name = String.valueOf(index.getFileName());
    return "%s.data-%05d-of-%05d"
        .formatted(name.substring(0, name.length() - SUFFIX.length()), shard, shardCount);
  }

  private MemorySegment map(int shard) {
    Path file = index.resolveSibling(dataFile(shard));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      files.put(shard, file);
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read, which %s needs: %s"
              .formatted(dataFile(shard), index.getFileName(), e.getMessage()),
          e);
    }
  }
}
