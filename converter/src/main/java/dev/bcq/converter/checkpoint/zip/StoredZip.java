package dev.bcq.converter.checkpoint.zip;

import dev.bcq.converter.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * ZIP archives whose entries are used where they lie in the mapped file, so that none can be larger
 * than it. Checksums are not compared: PyTorch can be told to write none.
 */
public final class StoredZip {

  private StoredZip() {}

  /**
   * Returns the entries by name.
   *
   * @param bytes the file, mapped
   * @param advice ends the message that an entry is compressed
   * @throws CheckpointException if the archive is damaged, an entry is compressed, two have the
   *     same name or share bytes
   */
  public static Map<String, MemorySegment> entries(String file, MemorySegment bytes, String advice)
      throws IOException {
    Map<String, MemorySegment> entries = new HashMap<>();
    try (ZipFile zip = open(file, bytes)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (entries.put(entry.getName(), content(file, zip, entry, bytes, advice)) != null) {
          throw damaged(file, "two entries have the name " + entry.getName());
        }
      }
    }
    checkDisjoint(file, entries);
    return entries;
  }

  private static void checkDisjoint(String file, Map<String, MemorySegment> entries) {
    List<MemorySegment> contents = new ArrayList<>(entries.values());
    contents.removeIf(content -> content.byteSize() == 0);
    contents.sort(Comparator.comparingLong(MemorySegment::address));
    for (int i = 1; i < contents.size(); i++) {
      MemorySegment former = contents.get(i - 1);
      if (former.address() + former.byteSize() > contents.get(i).address()) {
        throw damaged(file, "two entries share bytes");
      }
    }
  }

  private static ZipFile open(String file, MemorySegment bytes) {
    try {
      return ZipFile.builder()
          .setSeekableByteChannel(new MappedChannel(bytes))
          .setIgnoreLocalFileHeader(true)
          .setUseUnicodeExtraFields(false)
          .get();
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException(
          "%s is truncated or damaged: the directory of the ZIP archive cannot be read: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static MemorySegment content(
      String file, ZipFile zip, ZipArchiveEntry entry, MemorySegment bytes, String advice)
      throws IOException {
    String name = entry.getName();
    if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
      throw new CheckpointException(
          file + ": the entry " + name + " is compressed or encrypted" + advice);
    }
    long size = entry.getSize();
    long from = dataOffset(file, zip, entry);
    if (size < 0
        || size != entry.getCompressedSize()
        || from < 0
        || from > bytes.byteSize() - size) {
      throw damaged(
          file,
          "the entry %s has %d bytes from %d; the file has %d"
              .formatted(name, size, from, bytes.byteSize()));
    }
    return bytes.asSlice(from, size);
  }

  private static long dataOffset(String file, ZipFile zip, ZipArchiveEntry entry) {
    try {
      // Opening the entry is what looks its place up.
      zip.getRawInputStream(entry);
      return entry.getDataOffset();
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException(
          "%s is truncated or damaged: the entry %s cannot be found: %s"
              .formatted(file, entry.getName(), e.getMessage()),
          e);
    }
  }

  private static CheckpointException damaged(String file, String why) {
    return new CheckpointException(file + " is damaged: " + why);
  }
}
