package dev.bcq.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Inputs that a target starts from: small ones that are right, and all that were once wrong. */
final class Seeds {

  /** What numbers and words a mutation may put anywhere, as libFuzzer reads them. */
  static final List<String> DICTIONARY =
      List.of(
          "\"0\"",
          "\"255\"",
          "\"65536\"",
          "\"16777216\"",
          "\"99999999\"",
          "\"2147483648\"",
          "\"4294967296\"",
          "\"9223372036854775807\"",
          "\"18446744073709551616\"",
          "\"\\xff\\xff\\xff\\x7f\"",
          "\"\\xff\\xff\\xff\\xff\\x07\"",
          "\"\\x00\\x00\\x00\\x01\"",
          "\"F64\"",
          "\"PK\\x01\\x02\"",
          "\"'shape': (\"",
          "\"_scale\\x00\"",
          "\": &a [*a]\\x0a\"",
          "\"h\\x00\"",
          "\"cfairseq\\x0aa\\x0a\"",
          "\"\\x8d\\x00\\x00\\x00\\x80\\x00\\x00\\x00\\x00\"",
          "\",\"",
          "\"[]\"",
          "\"{}\"",
          "\". \"",
          "\"\\xe3\\x80\\x82\"",
          "\"\\x00\\xde\"",
          "\"\\xe2\\x80\\x8b\"");

  private Seeds() {}

  /** Returns the seeds of a target. */
  static List<byte[]> of(Class<?> target) throws IOException {
    List<byte[]> seeds = new ArrayList<>(right(target));
    seeds.addAll(findings(target));
    return seeds;
  }

  /** Returns inputs that a target takes. */
  static List<byte[]> right(Class<?> target) {
    if (target == BcqFileTarget.class) {
      return modelFiles();
    }
    if (target == SafetensorsTarget.class) {
      return safetensors();
    }
    if (target == PickleTarget.class) {
      return PyTorchFiles.pickles();
    }
    if (target == PyTorchTarget.class) {
      return PyTorchFiles.weights();
    }
    if (target == CTranslate2Target.class) {
      return List.of(
          SmallCheckpoints.modelBin(6, false),
          SmallCheckpoints.modelBin(6, true),
          SmallCheckpoints.modelBin(3, true));
    }
    if (target == TransformerBcqTarget.class) {
      return TransformerBcqTarget.seeds();
    }
    if (target == CompressedTransformersTarget.class) {
      return CompressedTransformersTarget.seeds();
    }
    if (target == MarianTarget.class) {
      return marian();
    }
    return target == SentencePieceTarget.class ? List.of(SmallTokenizers.file()) : texts();
  }

  /** Returns what was found in former runs: the files in the folder that has the target's name. */
  private static List<byte[]> findings(Class<?> target) throws IOException {
    Path folder = Path.of(System.getProperty("bcq.root"), "fuzz/src/test/findings");
    List<byte[]> found = new ArrayList<>();
    if (Files.isDirectory(folder.resolve(target.getSimpleName()))) {
      try (Stream<Path> files = Files.list(folder.resolve(target.getSimpleName()))) {
        for (Path file : files.sorted().toList()) {
          found.add(Files.readAllBytes(file));
        }
      }
    }
    return found;
  }

  private static List<byte[]> modelFiles() {
    List<byte[]> files = SmallModels.files();
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      int arithmetic = i % 2 == 0 ? 0 : BcqFileTarget.EXACT;
      int number = i << BcqFileTarget.NUMBER_SHIFT;
      // Some bytes of the header are free.
      seeds.add(with(BcqFileTarget.PATCHES | arithmetic | number, new byte[] {10, 0, 0, 0, 0}));
    }
    seeds.add(with(0, files.get(0)));
    seeds.add(with(BcqFileTarget.KEEP_CHECKSUMS | BcqFileTarget.KEEP_LENGTHS, files.get(0)));
    return seeds;
  }

  private static List<byte[]> safetensors() {
    String header =
        """
        {"__metadata__":{"format":"pt"},
        "b":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},
        "a":{"dtype":"F32","shape":[3],"data_offsets":[8,20]},
        "e":{"dtype":"BF16","shape":[0,7],"data_offsets":[20,20]},
        "d":{"dtype":"F64","shape":[],"data_offsets":[20,28]}}""";
    String index = "{\"metadata\":{\"total_size\":4},\"weight_map\":{\"a\":\"a.safetensors\"}}";
    return List.of(
        with(0, with(7, header.getBytes(UTF_8))),
        with(SafetensorsTarget.INDEX, with(0, index.getBytes(UTF_8))),
        with(SafetensorsTarget.WHOLE, with(0, SafetensorsTarget.file(header.getBytes(UTF_8), 7))));
  }

  private static List<byte[]> marian() {
    byte[] options = SmallCheckpoints.OPTIONS.getBytes(UTF_8);
    String vocabulary = "? '</s>'\n: 0\n\"<unk>\": 1\n<s>: 2\n";
    return List.of(
        with(0, options),
        with(MarianTarget.WHOLE, SmallCheckpoints.npz(options)),
        with(MarianTarget.VOCABULARY, vocabulary.getBytes(UTF_8)));
  }

  private static List<byte[]> texts() {
    String english = "Dr. A. b said: \"The ab.\" (Yes!) It cost 3.50 a.\n\n- the\u2026 Why? a";
    String chinese =
        "\u4e2d\u3002\u201c\u6587\uff01\u201d\u3001\ud83d\ude00\u200d\ud83d\udc69 a\u0301";
    return List.of(
        with(0, english.getBytes(UTF_8)),
        with(1, ("Am 3. Okt. z. B. " + english).getBytes(UTF_8)),
        with(2, chinese.getBytes(UTF_8)),
        with(3, "\u0633\u061f \u0627\u06d4 \u200f\u0628.".getBytes(UTF_8)),
        with(4, ">>de<< the".repeat(8).getBytes(UTF_8)),
        with(TranslateTarget.UTF_16, (chinese + "\ud83d x \ude00").getBytes(UTF_16LE)));
  }

  static byte[] with(int first, byte[] others) {
    byte[] all = new byte[1 + others.length];
    all[0] = (byte) first;
    System.arraycopy(others, 0, all, 1, others.length);
    return all;
  }
}
