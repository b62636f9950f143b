package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BcqFileTest {

  @TempDir Path folder;

  private static void assertRefused(byte[] bytes, Path file, String part) throws IOException {
    Files.write(file, bytes);
    BcqFormatException e = assertThrows(BcqFormatException.class, () -> BcqFile.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void returnsWhatWasWritten() {
    Path file = folder.resolve("m.bcq");
    BcqDirectory written;
    try (BcqWriter writer = BcqWriter.create(file, false)) {
      written = TestFiles.complete(writer);
      writer.commit(written);
    }
    BcqFile read = BcqFile.open(file);
    assertEquals(written, read.directory());
    read.verifyChecksums();
    TokenizerModel tokenizer = Objects.requireNonNull(read.tokenizer());
    assertEquals(
        TestFiles.sentencePiece().pieces(),
        ((SentencePieceModel) tokenizer.source().model()).pieces());
    assertArrayEquals(
        TestFiles.sentencePiece().scores(),
        ((SentencePieceModel) tokenizer.source().model()).scores());
    assertArrayEquals(
        TestFiles.sentencePiece().kinds(),
        ((SentencePieceModel) tokenizer.source().model()).kinds());
    assertArrayEquals(
        TestFiles.sentencePiece().characterMap(),
        ((SentencePieceModel) tokenizer.source().model()).characterMap());
    assertEquals(List.of("<unk>", "</s>", "\u2581a"), tokenizer.vocabulary());
    for (MatrixEntry matrix : read.directory().matrices()) {
      if (matrix.storage() instanceof MatrixEntry.Float32 dense) {
        assertEquals(TestFiles.random(7, 60), read.block(dense.values()));
        assertTrue(read.block(dense.values()).isDirect());
        assertEquals(ByteOrder.LITTLE_ENDIAN, read.block(dense.values()).order());
      }
    }
  }

  @Test
  void opensARegionAtAnyAlignment() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    for (int offset : new int[] {1, 3, 64, 4095, 4097}) {
      Path file = folder.resolve("assets-" + offset);
      byte[] all = new byte[offset + bytes.length + 7];
      System.arraycopy(bytes, 0, all, offset, bytes.length);
      Files.write(file, all);
      BcqFile read;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        read = BcqFile.open(channel, offset, bytes.length);
      }
      read.verifyChecksums();
      assertEquals("näme", read.directory().info().name());
    }
  }

  @Test
  void refusesARegionOutsideTheFile() throws IOException {
    Path file = TestFiles.write(folder.resolve("m.bcq"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      assertRefused(channel, 1, size, "the region of " + size + " bytes at 1 is not inside");
      assertRefused(channel, -1, size, "the region of " + size + " bytes at -1 is not inside");
      assertRefused(channel, 0, Long.MAX_VALUE, "is not inside the file of " + size + " bytes");
      assertRefused(channel, Long.MAX_VALUE, 1, "is not inside");
      assertRefused(channel, 0, -1, "is not inside");
    }
  }

  @Test
  void whatIsWrongInARegionIsSaidOfThatRegion() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    Path file = folder.resolve("assets");
    Files.write(file, new byte[1001]);
    Files.write(file, bytes, StandardOpenOption.APPEND);
    Files.write(file, bytes, StandardOpenOption.APPEND);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      String region = "the model at byte 1001 ";
      assertRefused(channel, 1001, bytes.length - 1, region + "is truncated");
      assertRefused(channel, 1001, bytes.length + 1, region + "is too long");
      assertRefused(channel, 1001, 0, region + "is not a .bcq file");
      assertRefused(channel, 1000, bytes.length, "the model at byte 1000 is not a .bcq file");
    }
    byte[] damaged = Files.readAllBytes(file);
    damaged[1001 + FileHeader.LENGTH + 40] ^= 1;
    Files.write(file, damaged);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      assertRefused(channel, 1001, bytes.length, "the model at byte 1001 is damaged");
      BcqFile.open(channel, 1001 + bytes.length, bytes.length).verifyChecksums();
    }
  }

  private static void assertRefused(FileChannel channel, long offset, long length, String part) {
    BcqFormatException e =
        assertThrows(BcqFormatException.class, () -> BcqFile.open(channel, offset, length));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void refusesAFileCutAtAnyLength() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    Path file = folder.resolve("cut.bcq");
    for (int length = 0; length < bytes.length; length += length < 200 ? 1 : 37) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertRefused(cut, file, length < 8 ? "not a .bcq file" : "truncated");
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1), file, "too long");
  }

  @Test
  void refusesWhatIsNoModelFile() throws IOException {
    Path file = folder.resolve("x.bcq");
    assertRefused("once upon a time".getBytes(StandardCharsets.UTF_8), file, "not a .bcq file");
    BcqFormatException missing =
        assertThrows(BcqFormatException.class, () -> BcqFile.open(folder.resolve("none")));
    assertTrue(String.valueOf(missing.getMessage()).contains("does not exist"));
    BcqFormatException directory =
        assertThrows(BcqFormatException.class, () -> BcqFile.open(folder));
    assertTrue(String.valueOf(directory.getMessage()).contains("is a directory"));
  }

  @Test
  void everyFlippedByteOfHeaderAndDirectoryIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    int end = 64 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    Path file = folder.resolve("flipped.bcq");
    for (int i = 0; i < end; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 0x10;
      Files.write(file, flipped);
      assertThrows(BcqFormatException.class, () -> BcqFile.open(file), "byte " + i);
    }
  }

  @Test
  void damagedDataIsNoticedByItsChecksumAndNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    long start = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(24);
    bytes[(int) start] ^= 1;
    Path file = folder.resolve("damaged.bcq");
    Files.write(file, bytes);
    BcqFile read = BcqFile.open(file);
    BcqFormatException e = assertThrows(BcqFormatException.class, read::verifyChecksums);
    assertTrue(String.valueOf(e.getMessage()).contains("embedding.weight"), e.getMessage());
  }

  @Test
  void aNameOfATensorHas255CharactersAtMost() {
    try (BcqWriter writer = BcqWriter.create(folder.resolve("m.bcq"), false)) {
      DataBlock values = writer.addBlock(ByteBuffer.allocate(4));
      writer.draft(
          TestFiles.small(
              null, List.of(new FloatTensorEntry("a".repeat(255), List.of(1), values))));
      BcqDirectory longer =
          TestFiles.small(null, List.of(new FloatTensorEntry("a".repeat(256), List.of(1), values)));
      BcqFormatException e = assertThrows(BcqFormatException.class, () -> writer.draft(longer));
      assertTrue(String.valueOf(e.getMessage()).contains("256 characters"), e.getMessage());
    }
  }

  /** Checksums are made right again, so that the checks behind them have to hold. */
  @Test
  void hostileDirectoriesAreRefusedOrReadAndNeverDoHarm() throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.write(folder.resolve("m.bcq")));
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    Path file = folder.resolve("hostile.bcq");
    for (long seed = 0; seed < 6000; seed++) {
      Random random = new Random(seed);
      byte[] changed = bytes.clone();
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        int at = 64 + random.nextInt(length);
        switch (random.nextInt(4)) {
          case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> changed[at] = (byte) 0xff;
          case 2 -> changed[at] = 0;
          default -> changed[at] = (byte) random.nextInt(256);
        }
      }
      seal(changed, length);
      Files.write(file, changed);
      try {
        BcqFile.open(file);
      } catch (BcqFormatException e) {
        assertTrue(String.valueOf(e.getMessage()).length() < 500, "seed " + seed);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void seal(byte[] bytes, int length) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putInt(12, FileHeader.crc(ByteBuffer.wrap(bytes, 64, length)));
    all.putInt(60, FileHeader.crc(ByteBuffer.wrap(bytes, 0, 60)));
  }

  @Test
  void aBlockBeyondTheAddressableWindowBeginsANewOne() {
    List<DataBlocks.Named> blocks =
        List.of(
            new DataBlocks.Named("a", new DataBlock(0, 100, 0)),
            new DataBlocks.Named("b", new DataBlock(128, 60, 0)),
            new DataBlocks.Named("c", new DataBlock(192, 200, 0)),
            new DataBlocks.Named("d", new DataBlock(448, 10, 0)));
    assertEquals(
        List.of(
            new MappedData.Range(0, 188),
            new MappedData.Range(192, 392),
            new MappedData.Range(448, 458)),
        MappedData.ranges(blocks, 200));
  }
}
