package dev.bcq.converter.checkpoint.transformerbcq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.converter.CheckpointReaders;
import dev.bcq.converter.Conversions;
import dev.bcq.converter.KernelAgreement;
import dev.bcq.converter.SharedData;
import dev.bcq.converter.checkpoint.Checkpoint;
import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.CheckpointInput;
import dev.bcq.converter.checkpoint.ForwardGoldens;
import dev.bcq.converter.checkpoint.TensorSource;
import dev.bcq.converter.checkpoint.numpy.NumpyFiles;
import dev.bcq.converter.checkpoint.tensorflow.BundleWriter;
import dev.bcq.converter.quantize.QuantizationException;
import dev.bcq.converter.report.ConversionReport;
import dev.bcq.format.BcqFile;
import dev.bcq.format.MatrixEntry;
import dev.bcq.format.MatrixEntry.BitPlanes;
import dev.bcq.runtime.model.MatrixLoader;
import dev.bcq.runtime.tensor.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of transformer_bcq's formats. {@code synthetic.*} have random weights and were computed
 * with in double precision by a program of its own (CC0).
 */
class TransformerBcqReaderTest {
  private static final String SYNTHETIC = "synthetic.bcq.npy";
  private static final int[] SOURCE = {2, 5, 6, 9, 11, 3};

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return Objects.requireNonNull(TransformerBcqReaderTest.class.getResourceAsStream(name));
  }

  private static Map<String, TensorSource> arrays(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return NumpyFiles.read(in);
    }
  }

  private static TensorSource array(Map<String, TensorSource> arrays, String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  private Path copy(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  /** Names of the quantized file, as those of TensorFlow's checkpoints. */
  private static String variable(String key, int index) {
    String layer =
        key.replace("encoder/layer_", "encoder/enc_layers/")
            .replace("decoder/layer_", "decoder/dec_layers/");
    List<String> kinds = List.of("kernel", "bias");
    if (key.endsWith("embedding")) {
      return layer + "/embeddings";
    }
    if (key.endsWith("mha")) {
      List<String> parts = List.of("query", "key", "value", "output");
      return "%s/_%s_dense/%s".formatted(layer, parts.get(index / 2), kinds.get(index % 2));
    }
    if (key.endsWith("seq")) {
      return "%s/layer_with_weights-%d/%s".formatted(layer, index / 2, kinds.get(index % 2));
    }
    return layer
        + "/"
        + (key.equals("final_layer") ? kinds.get(index) : List.of("gamma", "beta").get(index));
  }

  /** Returns the dequantized weights as a checkpoint of TensorFlow, with Adam's state beside. */
  private BundleWriter bundle() throws IOException {
    return bundle(0);
  }

  /** Returns the same with noise, whose weights are no sums of planes. */
  private static BundleWriter bundle(float noise) throws IOException {
    Random random = new Random(1);
    BundleWriter writer = new BundleWriter();
    for (Map.Entry<String, TensorSource> array : arrays("synthetic.dequantized.npz").entrySet()) {
      String[] parts = array.getKey().split("#", -1);
      TensorSource tensor = array.getValue();
      float[] values = tensor.readAll();
      for (int i = 0; i < values.length; i++) {
        values[i] += noise * (float) random.nextGaussian();
      }
      writer.floats(
          variable(parts[0], Integer.parseInt(parts[1])),
          values,
          tensor.shape().stream().mapToLong(Long::longValue).toArray());
    }
    writer.floats("optimizer/_variables/1", new float[] {1, 2}, 2);
    writer.floats(
        "encoder/enc_layers/0/ffn/seq/layer_with_weights-0/bias/.OPTIMIZER_SLOT/optimizer/m",
        new float[] {1},
        1);
    return writer.text("_CHECKPOINTABLE_OBJECT_GRAPH");
  }

  private static void block(BundleWriter writer, String layer, String... attentions) {
    for (String attention : attentions) {
      for (String part : List.of("query", "key", "value")) {
        String dense = layer + attention + "/mha/_" + part + "_dense/";
        writer.floats(dense + "kernel", new float[128], 8, 2, 8);
        writer.floats(dense + "bias", new float[16], 2, 8);
      }
      writer.floats(layer + attention + "/mha/_output_dense/kernel", new float[128], 2, 8, 8);
      writer.floats(layer + attention + "/mha/_output_dense/bias", new float[8], 8);
      norm(writer, layer + attention + "/layernorm/");
    }
    for (int i = 0; i < 2; i++) {
      writer.floats(layer + "ffn/seq/layer_with_weights-" + i + "/kernel", new float[64], 8, 8);
      writer.floats(layer + "ffn/seq/layer_with_weights-" + i + "/bias", new float[8], 8);
    }
    norm(writer, layer + "ffn/layer_norm/");
  }

  private static void norm(BundleWriter writer, String layer) {
    writer.floats(layer + "gamma", new float[8], 8).floats(layer + "beta", new float[8], 8);
  }

  /** The smallest models, for programs that change them in search of mistakes. */
  @Test
  void tinyFilesAreWhatTheWritersWrite() throws IOException {
    new QuantizedWriter(8, 2, 8, 8).write(folder.resolve("tiny.bcq.npy"), 1);
    BundleWriter writer = new BundleWriter();
    for (String stack : List.of("encoder", "decoder")) {
      writer.floats(stack + "/pos_embedding/embedding/embeddings", new float[64], 8, 8);
    }
    block(writer, "encoder/enc_layers/0/", "self_attention");
    block(writer, "decoder/dec_layers/0/", "causal_self_attention", "cross_attention");
    writer.floats("final_layer/kernel", new float[64], 8, 8);
    writer.floats("final_layer/bias", new float[8], 8);
    writer.write(folder, "tiny");
    writer.entriesOfBlock = 1000;
    byte[] whole = writer.index();
    // The entries are the first block, without its restarts.
    int entries = 0;
    while (!Arrays.equals(whole, entries, entries + 8, new byte[] {0, 0, 0, 0, 1, 0, 0, 0}, 0, 8)) {
      entries++;
    }
    Files.write(folder.resolve("tiny.entries"), Arrays.copyOf(whole, entries));
    for (String name :
        List.of("tiny.bcq.npy", "tiny.index", "tiny.data-00000-of-00001", "tiny.entries")) {
      try (InputStream in = resource(name)) {
        assertArrayEquals(in.readAllBytes(), Files.readAllBytes(folder.resolve(name)), name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "synthetic.bcq.npy, auto, 1e-6",
    "synthetic.proto3.bcq.npy, auto, 1e-6",
    "synthetic.bcq.npy, 32, 1e-6",
    ", 32, 0"
  })
  void weightsAreThoseOfTheCheckpoint(String name, String bits, float tolerance)
      throws IOException {
    Path input = name == null ? bundle().write(folder, "pten.ckpt.ep0001") : copy(name);
    BcqFile file = Conversions.convert(input, folder, bits);
    Map<String, TensorSource> expected = new HashMap<>();
    arrays("synthetic.dequantized.npz")
        .forEach(
            (key, tensor) -> {
              String[] parts = key.split("#", -1);
              String canonical =
                  KerasNames.ofVariable(variable(parts[0], Integer.parseInt(parts[1])));
              expected.put(canonical, tensor);
            });
    for (MatrixEntry entry : file.directory().matrices()) {
      Matrix matrix = MatrixLoader.load(file, entry);
      float[] weights = array(expected, entry.name()).readAll();
      boolean asStored = entry.name().endsWith("embedding.weight");
      float[] row = new float[matrix.cols()];
      for (int r = 0; r < matrix.rows(); r++) {
        matrix.readRow(r, row, 0);
        for (int c = 0; c < matrix.cols(); c++) {
          float wanted = weights[asStored ? r * matrix.cols() + c : c * matrix.rows() + r];
          assertEquals(wanted, row[c], tolerance, entry.name() + " " + r + ", " + c);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "32"})
  void outputsAreThoseOfTheWeights(String bits) throws IOException {
    ForwardGoldens model = new ForwardGoldens(Conversions.convert(copy(SYNTHETIC), folder, bits));
    Map<String, TensorSource> golden = arrays("synthetic.forward.npz");
    int[] source = integers(array(golden, "src"));
    assertArrayEquals(
        array(golden, "encoder_output").readAll(), model.encoder(source), ForwardGoldens.TOLERANCE);
    int[] inputs = integers(array(golden, "tgt"));
    int[] target = Arrays.copyOfRange(inputs, 1, inputs.length + 1);
    float[][] rows = model.logProbabilities(source, target);
    float[] logits = array(golden, "logits").readAll();
    int vocabulary = logits.length / inputs.length;
    for (int i = 0; i < inputs.length; i++) {
      float shift = rows[i][0] - logits[i * vocabulary];
      for (int token = 0; token < vocabulary; token++) {
        assertEquals(
            logits[i * vocabulary + token] + shift, rows[i][token], ForwardGoldens.TOLERANCE);
      }
    }
  }

  private static int[] integers(TensorSource array) {
    long[] values = new long[(int) array.count()];
    array.readIntegers(0, values, 0, values.length);
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "4"})
  void planesAreComputedTheSameByAllKernels(String bits) throws IOException {
    Conversions.convert(copy(SYNTHETIC), folder, bits);
    KernelAgreement.assertSame(folder.resolve("model.bcq"), List.of(SOURCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "2"})
  void checkpointsOfTensorFlowInFewBitsGiveTheSameWithAllKernels(String bits) throws IOException {
    Conversions.convert(bundle(0.01f).write(folder, "pten.ckpt.ep0001"), folder, bits);
    KernelAgreement.assertSame(folder.resolve("model.bcq"), List.of(SOURCE));
    for (String of : List.of("pretrained", "quantized/pten.ckpt.ep0003.bcq.npy")) {
      if (of.equals("pretrained") || bits.equals("4")) {
        Conversions.convert(SharedData.path("data/seed-transformer-bcq/" + of), folder, bits);
        KernelAgreement.assertSame(
            folder.resolve("model.bcq"), List.of(new int[] {2, 112, 869, 138, 992, 60, 3}));
      }
    }
  }

  @Test
  void fewerPlanesThanTrainedForNeedRequantize() throws IOException {
    Path input = copy(SYNTHETIC);
    QuantizationException e =
        assertThrows(QuantizationException.class, () -> Conversions.convert(input, folder, "2"));
    assertTrue(String.valueOf(e.getMessage()).contains("consists of 3 planes already"));
  }

  /** Scales of 32 bits in place of 64, and planes in place of planes. */
  @Test
  void aModelOfTheSizeOfTransformerBaseIsSmallerThanItsFile() {
    Path input = new QuantizedWriter(512, 8, 2048, 8000).write(folder.resolve("base.bcq.npy"), 2);
    Path output = folder.resolve("base.bcq");
    ConversionReport report = Conversions.convert(CheckpointInput.of(input), output, "auto");
    assertTrue(report.parameters() > 60_000_000, () -> report.parameters() + " parameters");
    assertTrue(report.fileBytes() < report.inputBytes(), report::text);
    for (MatrixEntry matrix : BcqFile.open(output).directory().matrices()) {
      BitPlanes planes = assertInstanceOf(BitPlanes.class, matrix.storage());
      assertEquals(3, planes.blocks().get(0).planes());
    }
  }

  private void assertRefused(CheckpointInput input, String message) {
    try (Arena arena = Arena.ofConfined()) {
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () ->
                  CheckpointReaders.read(CheckpointReaders.named("transformer_bcq"), input, arena),
              message);
      assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "num_heads, 4, 'num_heads is said to be 4; the weights have 2'",
    "num_layers, two, 'num_layers is said to be two; the weights have 2'",
    "heads, 2, 'heads: transformer_bcq has no such hyper-parameter; expected one of dropout_rate, d_model'"
  })
  void hyperParametersHaveToBeThoseOfTheWeights(String key, String value, String message)
      throws IOException {
    assertRefused(new CheckpointInput(copy(SYNTHETIC), null, null, Map.of(key, value)), message);
    CheckpointInput right =
        new CheckpointInput(
            copy(SYNTHETIC),
            null,
            null,
            Map.of("num_heads", "2", "d_model", "16", "dropout_rate", "0.1"));
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = CheckpointReaders.read(null, right, arena);
      assertEquals(16, checkpoint.config().encoder().headWidth());
    }
  }

  @Test
  void foldersGiveTheirLastCheckpointAndSayWhichKindsTheyMix() throws IOException {
    bundle().write(folder, "pten.ckpt.ep0001");
    Path last = bundle().write(folder, "pten.ckpt.ep0010");
    try (Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = CheckpointReaders.read(null, CheckpointInput.of(folder), arena);
      assertEquals(last, checkpoint.files().get(0));
    }
    copy(SYNTHETIC);
    assertRefused(
        CheckpointInput.of(folder),
        "has quantized and other checkpoints, synthetic.bcq.npy and pten.ckpt.ep0001.index");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(copy(SYNTHETIC));
    Path cut = Files.write(folder.resolve("cut.bcq.npy"), Arrays.copyOf(whole, 30_000));
    assertRefused(CheckpointInput.of(cut), "cut.bcq.npy");
    Path other = Files.write(folder.resolve("other.bcq.npy"), new byte[500]);
    assertRefused(CheckpointInput.of(other), "no .npy array");
    Path named = folder.resolve("named.bcq.npy");
    byte[] hostile = whole.clone();
    replace(hostile, "numpy._core.multiarray", "posix                 ");
    Files.write(named, hostile);
    assertRefused(
        CheckpointInput.of(named), "is refused: it is not among what weights are made of");
    Path layers = folder.resolve("layers.bcq.npy");
    hostile = whole.clone();
    replace(hostile, "decoder/layer_1/ffn/seq", "decoder/layer_1/fff/seq");
    Files.write(layers, hostile);
    assertRefused(CheckpointInput.of(layers), "a layer decoder/layer_1/fff/seq, which is none of");
  }

  private static void replace(byte[] bytes, String from, String to) {
    byte[] wanted = from.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] other = to.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        places.add(i);
      }
    }
    places.forEach(place -> System.arraycopy(other, 0, bytes, place, other.length));
    assertTrue(!places.isEmpty(), from);
  }
}
