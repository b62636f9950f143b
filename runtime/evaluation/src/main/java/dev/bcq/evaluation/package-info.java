/** How good translations are: BLEU, chrF, cross-entropy, and whether systems differ. */
@NullMarked
package dev.bcq.evaluation;

import org.jspecify.annotations.NullMarked;
