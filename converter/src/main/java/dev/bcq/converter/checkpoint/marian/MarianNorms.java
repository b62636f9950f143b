package dev.bcq.converter.checkpoint.marian;

import dev.bcq.format.NormPlacement;

/**
 * Where a model normalizes, which Marian says by the letters of operations: d for dropout, a for
 * the sum with the input, n for a norm.
 *
 * @param placement of the norms of sublayers
 * @param top whether stacks end in a norm
 * @param embedding whether embedded tokens are normalized
 */
record MarianNorms(NormPlacement placement, boolean top, boolean embedding) {

  static MarianNorms of(MarianSettings settings) {
    String before = operations(settings, "transformer-preprocess", "");
    String behind = operations(settings, "transformer-postprocess", "dan");
    String top = operations(settings, "transformer-postprocess-top", "");
    String embedding = operations(settings, "transformer-postprocess-emb", "d");
    boolean post = before.isEmpty() && behind.equals("an");
    if (!post && !(before.equals("n") && behind.equals("a"))) {
      throw settings.wrong(
          before.equals("n") || before.isEmpty()
              ? "transformer-postprocess"
              : "transformer-preprocess",
          "preprocess '' with postprocess dan, or preprocess n with postprocess da");
    }
    if (!top.isEmpty() && !top.equals("n")) {
      throw settings.wrong("transformer-postprocess-top", "n or nothing");
    }
    if (!embedding.isEmpty() && !embedding.equals("n")) {
      throw settings.wrong("transformer-postprocess-emb", "d, n, nd or nothing");
    }
    return new MarianNorms(
        post ? NormPlacement.POST : NormPlacement.PRE, !top.isEmpty(), !embedding.isEmpty());
  }

  /** Returns the letters without those of dropout. */
  private static String operations(MarianSettings settings, String key, String absent) {
    return settings.text(key, absent).replace("d", "");
  }
}
