/** Folders that transformers has saved: configuration, weights, generation, tokenizers. */
@NullMarked
package dev.bcq.converter.checkpoint.huggingface;

import org.jspecify.annotations.NullMarked;
