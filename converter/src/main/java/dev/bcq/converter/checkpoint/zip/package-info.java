/** Zip archives whose entries are stored and mapped, not copied. */
@NullMarked
package dev.bcq.converter.checkpoint.zip;

import org.jspecify.annotations.NullMarked;
