package dev.bcq.converter.checkpoint.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bcq.converter.checkpoint.TensorPicker;
import dev.bcq.format.GenerationSettings;
import dev.bcq.format.NormPlacement;
import dev.bcq.format.Positions;
import dev.bcq.format.TransformerConfig;
import org.jspecify.annotations.Nullable;

/** Marian models (OPUS-MT) as Hugging Face stores them. */
final class MarianFamily extends BartArchitecture {

  MarianFamily() {
    super(new Layout(NormPlacement.POST, false, true, true), new Defaults(58101, "gelu", false));
  }

  @Override
  public String architecture() {
    return "MarianMTModel";
  }

  @Override
  public String tokenizerFile() {
    return "spm.model";
  }

  @Override
  public @Nullable Integer padToken(TransformerConfig transformer, GenerationSettings generation) {
    return generation.startToken();
  }

  @Override
  Positions positions(ConfigReader config, TensorPicker picker, int width) {
    return StoredPositions.find(config, picker, width);
  }

  @Override
  Vocabularies vocabularies(ConfigReader config) {
    Vocabularies source = super.vocabularies(config);
    boolean one = config.flag("share_encoder_decoder_embeddings", true);
    int target = config.size("decoder_vocab_size", source.source());
    return one ? source : new Vocabularies(source.source(), target, false);
  }

  @Override
  void writeVocabularies(TransformerConfig transformer, ObjectNode config) {
    super.writeVocabularies(transformer, config);
    config.put("decoder_vocab_size", transformer.targetVocabulary());
    config.put("share_encoder_decoder_embeddings", transformer.sharedEmbedding());
  }
}
