/** Greedy and beam search with the semantics of Hugging Face {@code generate}. */
@NullMarked
package dev.bcq.runtime.decoding;

import org.jspecify.annotations.NullMarked;
