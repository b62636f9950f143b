package dev.bcq.demo;

import org.jspecify.annotations.Nullable;

/** What there is to translate with. */
sealed interface ModelState {

  /**
   * A model is being opened.
   *
   * @param copied bytes of a document that have been copied; 0 if there is nothing to copy
   */
  record Opening(long copied) implements ModelState {}

  /**
   * A model is open.
   *
   * @param notice why it is not the one that was chosen, or null
   */
  record Ready(LoadedModel model, @Nullable Notice notice) implements ModelState {}

  /**
   * Not even the built-in model can be opened.
   *
   * @param reason why
   */
  record Failed(String reason) implements ModelState {}

  /**
   * Why a chosen model is not used.
   *
   * @param fileName what its user calls it
   * @param detail the reason in the library's words
   */
  record Notice(Problem problem, String fileName, String detail) {}

  /** What may be wrong with a chosen model. */
  enum Problem {
    /** It was moved or deleted, or the permission to read it has ended. */
    GONE(R.string.model_gone),
    /** It is not a model, or damaged. */
    BROKEN(R.string.model_broken),
    /** Only a newer version of the application reads it. */
    NEWER(R.string.model_newer),
    /** It could not be copied. */
    NOT_COPIED(R.string.model_not_copied);

    /** String with a place for the file's name. */
    final int text;

    Problem(int text) {
      this.text = text;
    }
  }
}
