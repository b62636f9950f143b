package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FORMAT.md, "Versions", promises of files that are newer than the program. */
class NewerFilesTest {
  /** Offset, identifier. */
  private static final int FRONT = 8;

  private static final int FIELDS = 9;

  @TempDir Path folder;

  /**
   * Puts a root table in front of the old one, with the old one's fields, a number and a string.
   * Everything else moves, and refers to each other by distances that stay.
   */
  private static byte[] withTwoMoreFields(byte[] old) {
    ByteBuffer from = ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN);
    int table = from.getInt(0);
    int fields = table - from.getInt(table);
    assertEquals(4 + 2 * FIELDS, from.getShort(fields), "field table");
    byte[] string = "added".getBytes(StandardCharsets.UTF_8);
    int newFields = FRONT;
    int newTable = 36;
    int newString = newTable + 4 * (1 + FIELDS + 2);
    int inserted = 96;
    ByteBuffer to = ByteBuffer.allocate(old.length + inserted).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(newTable).put(old, 4, 4);
    to.putShort((short) (4 + 2 * (FIELDS + 2))).putShort((short) (4 * (1 + FIELDS + 2)));
    to.putInt(newTable, newTable - newFields);
    for (int i = 0; i < FIELDS + 2; i++) {
      to.putShort((short) (4 + 4 * i));
    }
    for (int i = 0; i < FIELDS; i++) {
      int place = table + from.getShort(fields + 4 + 2 * i);
      int target = place + from.getInt(place) + inserted;
      to.putInt(newTable + 4 + 4 * i, target - (newTable + 4 + 4 * i));
    }
    int number = newTable + 4 + 4 * FIELDS;
    to.putInt(number, 0x12345678).putInt(number + 4, newString - number - 4);
    to.putInt(newString, string.length).position(newString + 4);
    to.put(string);
    to.position(FRONT + inserted);
    return to.put(old, FRONT, old.length - FRONT).array();
  }

  private Path withDirectory(byte[] file, byte[] directory) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = (int) bytes.getLong(24);
    ByteBuffer data = ByteBuffer.wrap(file, start, file.length - start);
    FileHeader header = FileHeader.of(ByteBuffer.wrap(directory), data.remaining());
    ByteBuffer all = ByteBuffer.allocate((int) header.fileLength());
    all.put(header.write()).put(directory).position((int) header.dataOffset());
    all.put(data);
    return Files.write(folder.resolve("newer.bcq"), all.array());
  }

  private static byte[] directory(byte[] file) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    return Arrays.copyOfRange(file, 64, (int) (64 + length));
  }

  @Test
  void fieldsAddedAtTheEndOfATableAreIgnored() throws IOException {
    byte[] bytes = Files.readAllBytes(ReleasedFiles.VERSION_1);
    Path newer = withDirectory(bytes, withTwoMoreFields(directory(bytes)));
    assertTrue(Files.size(newer) > bytes.length, "nothing was added");
    BcqFile read = BcqFile.open(newer);
    read.verifyChecksums();
    assertEquals(BcqFile.open(ReleasedFiles.VERSION_1).directory(), read.directory());
  }

  @Test
  void aNumberAddedToAnEnumerationIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(ReleasedFiles.VERSION_1);
    byte[] directory = directory(bytes);
    ByteBuffer at = ByteBuffer.wrap(directory).order(ByteOrder.LITTLE_ENDIAN);
    int config = reference(at, at.getInt(0), 0);
    directory[field(at, config, 10)] = 4;
    Path newer = withDirectory(bytes, directory);
    BcqFormatException e = assertThrows(BcqFormatException.class, () -> BcqFile.open(newer));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("activation is 4; this version knows 0 to 3"), message);
  }

  @Test
  void everyOtherVersionIsRefusedWithBothNumbers() throws IOException {
    byte[] bytes = Files.readAllBytes(ReleasedFiles.VERSION_1);
    for (int version : new int[] {0, 2, 3, 255, 65536, Integer.MAX_VALUE, -1}) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, version);
      Path file = Files.write(folder.resolve("version.bcq"), bytes);
      BcqFormatException e = assertThrows(BcqFormatException.class, () -> BcqFile.open(file));
      String expected =
          String.format(
              Locale.ROOT,
              "version.bcq has format version %s; this program reads version 1%s",
              Integer.toUnsignedString(version),
              version == 0 ? "" : ": use a newer program");
      assertEquals(expected, e.getMessage());
      assertEquals(version != 0, e instanceof NewerFormatException);
    }
  }

  private static int field(ByteBuffer directory, int table, int number) {
    int fields = table - directory.getInt(table);
    return table + directory.getShort(fields + 4 + 2 * number);
  }

  private static int reference(ByteBuffer directory, int table, int number) {
    int place = field(directory, table, number);
    return place + directory.getInt(place);
  }
}
