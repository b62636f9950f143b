/** Files of tokenizers other than SentencePiece's own. */
@NullMarked
package dev.bcq.converter.checkpoint.tokenizers;

import org.jspecify.annotations.NullMarked;
