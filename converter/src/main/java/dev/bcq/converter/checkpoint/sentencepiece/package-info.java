/** Models of SentencePiece. */
@NullMarked
package dev.bcq.converter.checkpoint.sentencepiece;

import org.jspecify.annotations.NullMarked;
