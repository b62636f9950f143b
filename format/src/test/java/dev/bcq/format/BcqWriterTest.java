package dev.bcq.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BcqWriterTest {

  @TempDir Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void leavesNothingBehindWithoutCommit() throws IOException {
    try (BcqWriter writer = BcqWriter.create(folder.resolve("m.bcq"), false)) {
      writer.addBlock(ByteBuffer.allocate(1000));
      assertEquals(1, files().size());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void leavesOnlyTheTargetAfterCommit() throws IOException {
    TestFiles.write(folder.resolve("m.bcq"));
    assertEquals(List.of("m.bcq"), files());
  }

  @Test
  void keepsAnExistingTargetUnlessToldToReplaceIt() throws IOException {
    Path file = folder.resolve("m.bcq");
    Files.writeString(file, "mine");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> BcqWriter.create(file, false));
    assertTrue(String.valueOf(e.getMessage()).contains("exists already"), e.getMessage());
    assertEquals("mine", Files.readString(file));
    TestFiles.write(file);
    assertEquals("näme", BcqFile.open(file).directory().info().name());
  }

  @Test
  void keepsAnExistingTargetWhenTheDirectoryIsRefused() throws IOException {
    Path file = folder.resolve("m.bcq");
    Files.writeString(file, "mine");
    try (BcqWriter writer = BcqWriter.create(file, true)) {
      BcqDirectory directory = TestFiles.complete(writer);
      writer.addBlock(ByteBuffer.allocate(3));
      assertThrows(BcqFormatException.class, () -> writer.commit(directory));
    }
    assertEquals("mine", Files.readString(file));
    assertEquals(List.of("m.bcq"), files());
  }

  @Test
  void saysWhichFolderIsMissing() {
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class,
            () -> BcqWriter.create(folder.resolve("none/m.bcq"), false));
    assertTrue(String.valueOf(e.getMessage()).contains("does not exist"), e.getMessage());
  }

  @Test
  void theSameCallsGiveTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(TestFiles.write(folder.resolve("a.bcq")));
    byte[] second = Files.readAllBytes(TestFiles.write(folder.resolve("b.bcq")));
    assertArrayEquals(first, second);
  }

  @Test
  void aDraftIsAModelThatHasNoFileYet() throws IOException {
    Path file = folder.resolve("m.bcq");
    try (BcqWriter writer = BcqWriter.create(file, false)) {
      BcqFile draft = writer.draft(TestFiles.complete(writer));
      draft.verifyChecksums();
      assertEquals("näme", draft.directory().info().name());
      assertEquals(false, Files.exists(file));
    }
  }
}
