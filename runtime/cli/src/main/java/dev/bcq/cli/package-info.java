/** The commands {@code bcq-translate}, {@code bcq-eval} and {@code bcq-inspect}. */
@NullMarked
package dev.bcq.cli;

import org.jspecify.annotations.NullMarked;
