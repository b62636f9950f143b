package dev.bcq.demo;

import dev.bcq.format.BcqDirectory;
import dev.bcq.format.BcqFile;
import dev.bcq.format.TextLanguages;
import dev.bcq.runtime.Translator;
import org.jspecify.annotations.Nullable;

/**
 * A model that is open.
 *
 * @param file the file
 * @param translator translates with it
 * @param fileName what its user calls the file
 * @param builtIn whether it came with the application
 */
record LoadedModel(BcqFile file, Translator translator, String fileName, boolean builtIn) {

  BcqDirectory directory() {
    return file.directory();
  }

  /** Returns the model's name, or that of its file if it has none. */
  String name() {
    String name = directory().info().name();
    return name.isEmpty() ? fileName : name;
  }

  /** Returns whether another one is this very model, opened once. */
  boolean isOpenAs(@Nullable LoadedModel other) {
    return other != null && other.translator() == translator;
  }

  /** Returns the languages that can be chosen. */
  TextLanguages languages() {
    return directory().tokenizer() == null
        ? TextLanguages.NONE
        : directory().tokenizer().languages();
  }
}
