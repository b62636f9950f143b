package dev.bcq.format;

import java.util.List;

/** What cuts a normalized text into the pieces of a vocabulary. */
public sealed interface SubwordModel
    permits SentencePieceModel, BytePairModel, WordPieceModel, WordsModel {

  /** Returns the pieces by their numbers. */
  List<String> pieces();
}
