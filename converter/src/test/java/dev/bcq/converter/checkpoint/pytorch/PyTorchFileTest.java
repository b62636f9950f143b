package dev.bcq.converter.checkpoint.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that {@code torch.save} of PyTorch 2.14 has written; {@code pytorch.py} is their source.
 */
class PyTorchFileTest {

  @TempDir Path folder;

  private Path fixture(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(PyTorchFileTest.class.getResourceAsStream(name))) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private Object dict(PyTorchFile file, String key) {
    PickleDict root = assertInstanceOf(PickleDict.class, file.root());
    return Objects.requireNonNull(root.get(key), key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tensors.zip.pt",
        "tensors.zip64.pt",
        "tensors.legacy.pt",
        "tensors.protocol4.pt",
        "tensors.protocol5.pt"
      })
  void tensorsHaveTheirNamesShapesTypesAndValues(String name) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(fixture("tensors.json").toFile());
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file = PyTorchFile.read(fixture(name), arena);
      Map<String, TensorSource> tensors = file.tensors(file.root());
      assertEquals(expected.size(), tensors.size());
      for (JsonNode tensor : expected) {
        check(tensor, Objects.requireNonNull(tensors.get(tensor.get("name").asText())));
      }
    }
  }

  private static void check(JsonNode expected, TensorSource found) {
    assertEquals(
        expected.get("type").asText(),
        switch (found.type()) {
          case F64 -> "float64";
          case F32 -> "float32";
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          case I64 -> "int64";
          case I32 -> "int32";
          case I16 -> "int16";
          case I8 -> "int8";
          case U8 -> "uint8";
          case BOOL -> "bool";
        });
    assertEquals(expected.get("shape").toString(), found.shape().toString().replace(" ", ""));
    JsonNode values = expected.get("values");
    float[] floats = found.readAll();
    assertEquals(values.size(), floats.length);
    for (int i = 0; i < floats.length; i++) {
      assertEquals((float) values.get(i).asDouble(), floats[i], found.name());
      float[] one = new float[1];
      found.read(i, one, 0, 1);
      assertEquals(floats[i], one[0], found.name());
    }
    if (!found.type().isFloat()) {
      long[] integers = new long[values.size()];
      found.readIntegers(0, integers, 0, integers.length);
      for (int i = 0; i < integers.length; i++) {
        assertEquals(values.get(i).asLong(), integers[i], found.name());
      }
    }
  }

  @Test
  void viewsAreTheSameAsCopies() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file = PyTorchFile.read(fixture("tensors.zip.pt"), arena);
      Map<String, TensorSource> tensors = file.tensors(file.root());
      TensorSource view = Objects.requireNonNull(tensors.get("transposed"));
      float[] values = view.readAll();
      MemorySegment copy = arena.allocate(4L * values.length, 4);
      MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
      assertTrue(view.sameAs(new TensorSource("copy", TensorSource.Type.F32, view.shape(), copy)));
      copy.setAtIndex(ValueLayout.JAVA_FLOAT, 7, 100f);
      assertFalse(view.sameAs(new TensorSource("copy", TensorSource.Type.F32, view.shape(), copy)));
      float[] part = new float[9];
      view.read(4, part, 1, 8);
      assertArrayEquals(Arrays.copyOfRange(values, 4, 12), Arrays.copyOfRange(part, 1, 9));
    }
  }

  @Test
  void floatsAreNotReadAsIntegers() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file = PyTorchFile.read(fixture("tensors.zip.pt"), arena);
      TensorSource floats = Objects.requireNonNull(file.tensors(file.root()).get("f32"));
      assertThrows(CheckpointException.class, () -> floats.readIntegers(0, new long[1], 0, 1));
    }
  }

  @Test
  void checkpointsHaveOtherThingsBesideTheirTensors() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file = PyTorchFile.read(fixture("checkpoint.pt"), arena);
      assertEquals(21, file.tensors(dict(file, "model")).size());
      PickleObject arguments = assertInstanceOf(PickleObject.class, dict(file, "args"));
      assertEquals(1L, assertInstanceOf(PickleDict.class, arguments.state()).get("a"));
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> file.tensors(file.root()));
      assertEquals(
          "checkpoint.pt: model is dict of 21; expected a tensor: save model.state_dict() alone",
          e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "module.pt, torch.nn.modules.linear.Linear is refused",
    "script.pt, as in a TorchScript program",
    "quantized.pt, torch._utils._rebuild_qtensor is refused",
    "quantized.pt, save model.state_dict() alone",
    "sparse.pt, torch._utils._rebuild_sparse_tensor is refused",
    "new.pt, torch._utils._rebuild_tensor_v3 is refused",
    "expanded.pt, which it repeats; save a copy of it: tensor.contiguous()",
  })
  void whatIsNoDenseTensorIsRefused(String name, String part) throws IOException {
    Path path = fixture(name);
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () -> {
                PyTorchFile file = PyTorchFile.read(path, arena);
                file.tensors(file.root());
              });
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).startsWith(name), e.getMessage());
    }
  }

  @Test
  void otherFilesAreNamedForWhatTheyAre() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    for (Map.Entry<String, byte[]> other :
        Map.of(
                "is a tar archive, as PyTorch before 0.1.11 wrote", tar,
                "is a pointer of Git LFS",
                    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"
                        .getBytes(StandardCharsets.US_ASCII),
                "is not a file of torch.save", new byte[300],
                "begins neither as a ZIP archive", new byte[0],
                "with the number of PyTorch", new byte[] {'K', 1, '.'})
            .entrySet()) {
      Path path = Files.write(folder.resolve("other.bin"), other.getValue());
      try (Arena arena = Arena.ofConfined()) {
        CheckpointException e =
            assertThrows(CheckpointException.class, () -> PyTorchFile.read(path, arena));
        assertTrue(String.valueOf(e.getMessage()).contains(other.getKey()), e.getMessage());
      }
    }
  }
}
