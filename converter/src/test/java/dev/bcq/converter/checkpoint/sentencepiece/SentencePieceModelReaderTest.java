package dev.bcq.converter.checkpoint.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.runtime.text.SentencePiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged models; {@link SentencePieceVectorsTest} reads real ones. */
class SentencePieceModelReaderTest {
  private static final int BYTE = 6;

  @TempDir Path folder;

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] piece(String text, float score, int kind) throws IOException {
    return message(
        out -> {
          out.writeString(1, text);
          out.writeFloat(2, score);
          out.writeEnum(3, kind);
        });
  }

  private Path file(Fields fields) throws IOException {
    return Files.write(folder.resolve("source.spm"), message(fields));
  }

  private void assertRefused(String part, Fields fields) throws IOException {
    Path file = file(fields);
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> SentencePieceModelReader.read(file));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("source.spm") && message.contains(part), message);
  }

  @Test
  void aBytePieceNamesItsByte() throws IOException {
    for (String text : List.of("", "a", "<0xG0>", "<0x0a>", "<0x0A", "<0x00A>")) {
      assertRefused("byte piece 0", out -> out.writeByteArray(1, piece(text, 0, BYTE)));
    }
    Path file = file(out -> out.writeByteArray(1, piece("<0x0A>", 0, BYTE)));
    assertEquals(List.of("<0x0A>"), SentencePieceModelReader.read(file).pieces());
  }

  @Test
  void aScoreIsFinite() throws IOException {
    assertRefused("NaN", out -> out.writeByteArray(1, piece("a", Float.NaN, 1)));
    assertRefused("Infinity", out -> out.writeByteArray(1, piece("a", Float.NEGATIVE_INFINITY, 1)));
  }

  @Test
  void theTrieOfACharacterMapLiesInsideIt() throws IOException {
    for (byte[] map :
        List.of(
            new byte[1],
            new byte[4],
            new byte[] {-1, -1, -1, -1},
            new byte[] {8, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {5, 0, 0, 0, 0, 0, 0, 0, 0})) {
      assertRefused(
          "character map",
          out -> {
            out.writeByteArray(1, piece("a", 0, 1));
            out.writeByteArray(3, message(normalizer -> normalizer.writeByteArray(2, map)));
          });
    }
  }

  /** As the documentation says, garbage included. */
  @Test
  void manyEmptyPiecesCostAMultipleOfTheFile() throws IOException {
    Path file =
        file(
            out -> {
              for (int i = 0; i < 100_000; i++) {
                out.writeByteArray(1, new byte[0]);
              }
            });
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    SentencePiece tokenizer = new SentencePiece(SentencePieceModelReader.read(file));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(100_000, tokenizer.model().pieces().size());
    assertTrue(allocated <= (256 << 10) + 128 * Files.size(file), () -> allocated + " bytes");
  }

  @Test
  void aFieldOfAnotherTypeIsNoPiece() throws IOException {
    Path file =
        file(
            out -> {
              out.writeUInt32(1, 7);
              out.writeByteArray(1, piece("a", 0, 1));
            });
    assertEquals(List.of("a"), SentencePieceModelReader.read(file).pieces());
  }
}
