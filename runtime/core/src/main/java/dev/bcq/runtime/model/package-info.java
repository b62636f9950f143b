/** The one transformer: encoder, decoder, and loading them from a file. */
@NullMarked
package dev.bcq.runtime.model;

import org.jspecify.annotations.NullMarked;
