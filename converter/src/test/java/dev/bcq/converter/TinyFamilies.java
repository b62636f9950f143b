package dev.bcq.converter;

import java.nio.file.Path;
import java.util.List;

/** A tiny model of each family with random weights, and what transformers computes with it. */
public final class TinyFamilies {
  /** The source of parameterized tests over all of them. */
  public static final String ALL = "dev.bcq.converter.TinyFamilies#names";

  private TinyFamilies() {}

  /** Returns the families, by their {@code model_type}. */
  public static List<String> names() {
    return List.of("bart", "m2m_100", "marian", "mbart", "mt5", "pegasus", "umt5");
  }

  /** Returns the folder of a family. */
  public static Path path(String family) {
    return Path.of(
        System.getProperty("bcq.root"),
        "converter/src/test/resources/dev/bcq/converter/checkpoint/huggingface/families",
        family);
  }
}
