/**
 * Text to token ids and back, in pure Java: SentencePiece with its normalizer. Texts to sentences,
 * alike on every platform.
 */
@NullMarked
package dev.bcq.runtime.text;

import org.jspecify.annotations.NullMarked;
