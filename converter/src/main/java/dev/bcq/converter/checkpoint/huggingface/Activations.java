package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.format.Activation;
import java.util.Map;
import java.util.TreeMap;

/** The names that Hugging Face has for activation functions. */
public final class Activations {
  private static final Map<String, Activation> NAMES =
      new TreeMap<>(
          Map.of(
              "relu", Activation.RELU,
              "gelu", Activation.GELU_ERF,
              "gelu_python", Activation.GELU_ERF,
              "gelu_new", Activation.GELU_TANH,
              "gelu_fast", Activation.GELU_TANH,
              "gelu_accurate", Activation.GELU_TANH,
              "gelu_pytorch_tanh", Activation.GELU_TANH,
              "silu", Activation.SILU,
              "swish", Activation.SILU));

  private Activations() {}

  static Activation of(ConfigReader config, String name, String key) {
    Activation activation = NAMES.get(name);
    if (activation == null) {
      throw new CheckpointException(
          "%s: %s is '%s'; supported: %s"
              .formatted(config.file(), key, name, String.join(", ", NAMES.keySet())));
    }
    return activation;
  }

  /** Returns the name under which every version of transformers knows a function. */
  static String name(Activation activation) {
    return switch (activation) {
      case RELU -> "relu";
      case GELU_ERF -> "gelu";
      case GELU_TANH -> "gelu_new";
      case SILU -> "silu";
    };
  }
}
