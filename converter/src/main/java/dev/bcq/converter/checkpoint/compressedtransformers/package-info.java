/** What Compressed-Transformers trains: float masters, rounded codes, signs. */
@NullMarked
package dev.bcq.converter.checkpoint.compressedtransformers;

import org.jspecify.annotations.NullMarked;
