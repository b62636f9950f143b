/**
 * The {@code .bcq} model file: what it holds, reading with complete validation, and atomic writing.
 * {@code FORMAT.md} beside this module describes the bytes.
 */
@NullMarked
package dev.bcq.format;

import org.jspecify.annotations.NullMarked;
