package dev.bcq.converter.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bcq.format.BcqFile;
import dev.bcq.format.GenerationSettings;
import dev.bcq.runtime.Translation;
import dev.bcq.runtime.TranslationOptions;
import dev.bcq.runtime.Translator;
import dev.bcq.runtime.TranslatorOptions;
import dev.bcq.runtime.kernels.Arithmetic;
import dev.bcq.runtime.kernels.KernelRegistry;
import dev.bcq.runtime.layers.DecoderState;
import dev.bcq.runtime.model.DecoderSession;
import dev.bcq.runtime.model.EncodedSource;
import dev.bcq.runtime.model.ModelLoader;
import dev.bcq.runtime.model.Transformer;
import dev.bcq.runtime.ops.LogSoftmax;
import dev.bcq.runtime.tensor.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * What a model computes, against what someone else computed with the same weights: rows of the
 * encoder's output, log-probabilities, and what searches find.
 */
public final class ForwardGoldens {
  public static final float TOLERANCE = 1e-4f;

  private static final TranslatorOptions EXACT =
      TranslatorOptions.DEFAULT.withArithmetic(Arithmetic.EXACT);

  private final BcqFile file;
  private final Transformer transformer;
  private final GenerationSettings defaults;

  public ForwardGoldens(BcqFile file) {
    this.file = file;
    this.transformer =
        ModelLoader.load(file, KernelRegistry.load().choose("auto").create(), Arithmetic.EXACT);
    this.defaults = file.directory().generation();
  }

  public static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  public static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).floatValue();
    }
    return values;
  }

  /** Returns the encoder's output, a row after the other. */
  public float[] encoder(int[] source) {
    int values = source.length * transformer.config().width();
    return Arrays.copyOf(transformer.encode(source).output(), values);
  }

  /** Returns the rows of log-probabilities of a given target, one for each of its tokens. */
  public float[][] logProbabilities(int[] source, int[] target) {
    EncodedSource encoded = transformer.encode(source);
    DecoderSession decoder = transformer.decoder(1);
    DecoderState state = transformer.begin(encoded, 1, target.length);
    float[][] rows = new float[target.length][];
    for (int i = 0; i < target.length; i++) {
      int input = i == 0 ? Objects.requireNonNull(defaults.startToken()) : target[i - 1];
      state.next(new int[] {input}, new int[1], 1);
      Activations logits = decoder.step(List.of(state));
      LogSoftmax.apply(transformer.kernels(), logits, 0, decoder.vocabulary());
      rows[i] = Arrays.copyOf(logits.values(), decoder.vocabulary());
    }
    return rows;
  }

  /** Checks the encoder, a given target and, where there is one, a whole row. */
  public void assertForward(JsonNode testCase) {
    int[] source = ids(testCase.get("src_ids"));
    int width = transformer.config().width();
    float[] output = encoder(source);
    assertArrayEquals(
        floats(testCase.get("encoder_first")), Arrays.copyOf(output, width), TOLERANCE);
    assertArrayEquals(
        floats(testCase.get("encoder_last")),
        Arrays.copyOfRange(output, output.length - width, output.length),
        TOLERANCE);
    int[] target = ids(testCase.get("target_ids"));
    float[][] rows = logProbabilities(source, target);
    float[] expected = floats(testCase.get("target_log_probs"));
    for (int i = 0; i < target.length; i++) {
      assertEquals(expected[i], rows[i][target[i]], TOLERANCE, "token " + i);
    }
    JsonNode first = testCase.get("log_probs_first_step");
    if (first != null) {
      assertArrayEquals(floats(first), Arrays.copyOf(rows[0], first.size()), TOLERANCE);
    }
  }

  /** Returns what is found for sources, one after the other. */
  public List<List<Integer>> found(List<int[]> sources, GenerationSettings settings) {
    try (Translator translator = Translator.of(file, EXACT)) {
      return sources.stream()
          .map(source -> translator.translate(source, TranslationOptions.of(settings)))
          .map(translation -> translation.best().ids())
          .toList();
    }
  }

  /** Returns all hypotheses for a source. */
  public Translation translation(int[] source, GenerationSettings settings) {
    try (Translator translator = Translator.of(file, EXACT)) {
      return translator.translate(source, TranslationOptions.of(settings));
    }
  }

  /** Returns the ids of tokens. */
  public static int[] lookUp(List<String> vocabulary, JsonNode tokens, String unknown) {
    List<Integer> ids = new ArrayList<>();
    for (JsonNode token : tokens) {
      int id = vocabulary.indexOf(token.asText());
      ids.add(id < 0 ? vocabulary.indexOf(unknown) : id);
    }
    return IntStream.range(0, ids.size()).map(ids::get).toArray();
  }
}
