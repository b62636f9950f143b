/** How good translations are: BLEU and cross-entropy. */
@NullMarked
package dev.bcq.evaluation;

import org.jspecify.annotations.NullMarked;
