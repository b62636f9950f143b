package dev.bcq.converter.checkpoint.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.huggingface.Safetensors;
import dev.bcq.converter.checkpoint.pickle.PickleDict;
import dev.bcq.converter.checkpoint.pickle.PickleObject;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that several projects have written. */
class PyTorchCheckpointsTest {

  private static Object get(PyTorchFile file, String key) {
    PickleDict root = assertInstanceOf(PickleDict.class, file.root());
    return Objects.requireNonNull(root.get(key), key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bart",
        "m2m100",
        "marian",
        "mbart",
        "pegasus",
        "t5-uneven",
        "t5-untied",
        "t5-v1.0",
        "t5-v1.1",
        "umt5"
      })
  void filesOfTransformersHoldWhatTheirSafetensorsHold(String name) {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, TensorSource> expected =
          Safetensors.read(SharedData.path("data/hf-zoo/" + name + "/model.safetensors"), arena);
      PyTorchFile file =
          PyTorchFile.read(SharedData.path("data/hf-zoo/" + name + "/pytorch_model.bin"), arena);
      Map<String, TensorSource> found = file.tensors(file.root());
      for (TensorSource tensor : expected.values()) {
        TensorSource same = Objects.requireNonNull(found.get(tensor.name()), tensor.name());
        assertEquals(tensor.type(), same.type());
        assertTrue(tensor.sameAs(same), tensor.name());
      }
      // The others are copies: of an embedding, or of the first layer's table of positions.
      found.keySet().removeAll(expected.keySet());
      for (TensorSource copy : found.values()) {
        assertTrue(
            expected.values().stream().anyMatch(copy::sameAs)
                || copy.name().endsWith("embed_positions.weight"),
            copy.name());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ipq",
        "post-ln-args-legacy",
        "post-ln-cfg-fp16",
        "pre-ln-shared-cfg",
        "quant-noise-pq",
        "quant-noise-scalar"
      })
  void filesOfFairseqHoldTheTensorsThatFairseqLists(String name) {
    String folder = "data/seed-fairseq/" + name + "/";
    JsonNode keys = SharedData.json(folder + "golden.json.gz").get("keys");
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file = PyTorchFile.read(SharedData.path(folder + "checkpoint_best.pt"), arena);
      Map<String, TensorSource> tensors = file.tensors(get(file, "model"));
      Map<String, String> expected = new TreeMap<>();
      for (JsonNode key : keys) {
        // They are listed as fairseq uses them, which is never in half precision.
        String type = name.endsWith("fp16") ? "torch.float16" : key.get(2).asText();
        expected.put(key.get(0).asText(), key.get(1) + " " + type);
      }
      Map<String, String> found = new TreeMap<>();
      tensors.forEach(
          (key, tensor) ->
              found.put(key, tensor.shape().toString().replace(" ", "") + " " + type(tensor)));
      assertEquals(expected, found);
      boolean old = name.endsWith("legacy");
      Object settings =
          old
              ? get(file, "args")
              : assertInstanceOf(PickleDict.class, get(file, "cfg")).get("model");
      PickleObject namespace = assertInstanceOf(PickleObject.class, settings);
      assertEquals(
          64L, assertInstanceOf(PickleDict.class, namespace.state()).get("encoder_embed_dim"));
      assertEquals(3f, Objects.requireNonNull(tensors.get("decoder.version")).readAll()[0]);
    }
  }

  @Test
  void oneModelOfFairseqIsTheSameInBothFormats() {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, TensorSource> single = model("post-ln-args-legacy", arena);
      Map<String, TensorSource> half = model("post-ln-cfg-fp16", arena);
      assertEquals(single.keySet(), half.keySet());
      for (TensorSource tensor : single.values()) {
        float[] expected = tensor.readAll();
        float[] found = Objects.requireNonNull(half.get(tensor.name())).readAll();
        for (int i = 0; i < expected.length; i++) {
          assertEquals(Float.float16ToFloat(Float.floatToFloat16(expected[i])), found[i]);
        }
      }
    }
  }

  private static Map<String, TensorSource> model(String name, Arena arena) {
    PyTorchFile file =
        PyTorchFile.read(
            SharedData.path("data/seed-fairseq/" + name + "/checkpoint_best.pt"), arena);
    return file.tensors(get(file, "model"));
  }

  private static String type(TensorSource tensor) {
    return switch (tensor.type()) {
      case F32 -> "torch.float32";
      case F16 -> "torch.float16";
      case I64 -> "torch.int64";
      default -> tensor.type().name();
    };
  }

  /** Codes times their scale are the weights, but for the rounding of one step. */
  @ParameterizedTest
  @CsvSource({
    "plain/transformer_000000.pth, 0",
    "bin_all/transformer_000000.pth, 0",
    "q7_attn/transformer_000000.pth, 18",
    "q2_all/transformer_000000.legacy.pth, 32"
  })
  void filesOfCompressedTransformersHoldWeightsAndTheirCodes(String name, int quantized) {
    try (Arena arena = Arena.ofConfined()) {
      PyTorchFile file =
          PyTorchFile.read(SharedData.path("data/seed-compressed-transformers/" + name), arena);
      Map<String, TensorSource> tensors = file.tensors(get(file, "state_dict"));
      int found = 0;
      for (TensorSource codes : tensors.values()) {
        if (codes.name().endsWith(".quantized_weight")) {
          String layer = codes.name().substring(0, codes.name().lastIndexOf('.') + 1);
          float scale = Objects.requireNonNull(tensors.get(layer + "weight_norm")).readAll()[0];
          float[] weights = Objects.requireNonNull(tensors.get(layer + "weight")).readAll();
          float[] values = codes.readAll();
          for (int i = 0; i < values.length; i++) {
            assertEquals(weights[i], values[i] * scale, 1.01 * scale, codes.name());
          }
          found++;
        }
      }
      assertEquals(quantized, found);
      TensorSource table =
          Objects.requireNonNull(tensors.get("src_pos_embedding.positional_encodings_table"));
      float[] sinusoids = table.readAll();
      for (int row = 0; row < table.shape().get(0); row++) {
        assertEquals((float) Math.sin(row), sinusoids[row * 48], 1e-4);
      }
    }
  }
}
