package dev.bcq.runtime.text;

/** How SentencePiece cuts a normalized text. Implementations are immutable and thread-safe. */
interface PieceSearch {
  /** Cuts UTF-8 into pieces, the last one first. */
  void search(byte[] bytes, Pieces into);
}
