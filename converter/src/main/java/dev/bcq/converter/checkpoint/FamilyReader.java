package dev.bcq.converter.checkpoint;

import dev.bcq.format.TransformerConfig;

/** Reads the configuration and names the tensors of one family of models. */
interface FamilyReader {

  /** Returns the transformer; tensors are put into the picker under their canonical names. */
  TransformerConfig read(ConfigReader config, TensorPicker picker);

  /** Returns the number of a layer count, after comparing it with the tensors' names. */
  static int layers(ConfigReader config, String key, int found, TensorPicker picker, String names) {
    int counted = picker.layers(names);
    if (counted != found) {
      throw new CheckpointException(
          "%s: %s is %d, but the weights have %d layers named %sN"
              .formatted(config.file(), key, found, counted, names));
    }
    return found;
  }
}
