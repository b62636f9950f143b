package dev.bcq.converter.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings and the output projection of a checkpoint, which may be stored once, as copies, or
 * apart. An absent one is another name for one that is there; copies have to be equal.
 *
 * @param encoder the source's embedding
 * @param decoder the target's
 * @param output the output projection
 */
public record Embeddings(TensorSource encoder, TensorSource decoder, TensorSource output) {

  /**
   * Finds them.
   *
   * @param ties what the configuration says is one table
   * @return null if none is there, after a problem was noted
   */
  public static @Nullable Embeddings find(TensorPicker picker, Ties ties) {
    TensorSource shared = picker.find("shared.weight");
    TensorSource encoder = picker.find("encoder.embed_tokens.weight");
    TensorSource decoder = picker.find("decoder.embed_tokens.weight");
    TensorSource output = picker.find("lm_head.weight");
    List<TensorSource> present = new ArrayList<>();
    for (TensorSource source : new @Nullable TensorSource[] {shared, decoder, encoder, output}) {
      if (source != null) {
        present.add(source);
      }
    }
    if (present.isEmpty()) {
      picker.problem("missing: shared.weight, or encoder.embed_tokens.weight and others");
      return null;
    }
    if (output == null && ties.outputRequired()) {
      picker.problem("missing: lm_head.weight, as tie_word_embeddings is false");
    }
    TensorSource any = present.get(0);
    TensorSource target = decoder == null ? any : decoder;
    if (ties.embeddings()) {
      copy(picker, any, encoder, "");
      copy(picker, any, decoder, "");
    }
    if (ties.output()) {
      copy(picker, target, output, ", as tie_word_embeddings is true");
    }
    return new Embeddings(
        encoder == null ? any : encoder,
        target,
        output != null ? output : shared != null ? shared : decoder != null ? decoder : any);
  }

  /**
   * Returns a table of tokens that was found.
   *
   * @param name what it is called, for messages
   * @param other one that has to be as wide, or null
   * @throws CheckpointException if it is missing, or no such table
   */
  public static TensorSource table(
      String name, @Nullable TensorSource found, @Nullable TensorSource other) {
    if (found == null
        || found.shape().size() != 2
        || found.shape().get(0) < 1
        || found.shape().get(0) >= Integer.MAX_VALUE
        || found.shape().get(1) < 1
        || found.shape().get(1) > Integer.MAX_VALUE
        || (other != null && !found.shape().get(1).equals(other.shape().get(1)))) {
      throw new CheckpointException(
          "%s %s; expected [tokens, %s]"
              .formatted(
                  name,
                  found == null ? "is missing" : "has the shape " + found.shape(),
                  other == null ? "width" : other.shape().get(1)));
    }
    return found;
  }

  /**
   * What a configuration says.
   *
   * @param embeddings source and target have one embedding
   * @param output the output projection is the target's embedding
   * @param outputRequired the output projection has to be there
   */
  public record Ties(boolean embeddings, boolean output, boolean outputRequired) {}

  private static void copy(
      TensorPicker picker, TensorSource original, @Nullable TensorSource copy, String why) {
    if (copy != null && copy != original && !copy.sameAs(original)) {
      picker.problem(
          "different: %s; expected a copy of %s%s".formatted(copy.name(), original.name(), why));
    }
  }

  public boolean shared() {
    return encoder.sameAs(decoder);
  }

  public boolean tiedOutput() {
    return output.sameAs(decoder);
  }

  /** Adds the embeddings; the output projection is added last, by {@link #pickOutput}. */
  public void pick(TensorPicker picker, int sourceVocabulary, int targetVocabulary, int width) {
    if (shared()) {
      picker.matrix("embedding.weight", encoder, sourceVocabulary, width);
    } else {
      picker.matrix("encoder.embedding.weight", encoder, sourceVocabulary, width);
      picker.matrix("decoder.embedding.weight", decoder, targetVocabulary, width);
    }
  }

  public void pickOutput(TensorPicker picker, int targetVocabulary, int width) {
    if (!tiedOutput()) {
      picker.matrix("output.weight", output, targetVocabulary, width);
    }
  }
}
