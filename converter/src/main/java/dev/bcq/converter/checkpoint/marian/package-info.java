/** Models of Marian. */
@NullMarked
package dev.bcq.converter.checkpoint.marian;

import org.jspecify.annotations.NullMarked;
