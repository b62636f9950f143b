/** Divides bits among matrices, so that a model of a given size loses least. */
@NullMarked
package dev.bcq.converter.allocate;

import org.jspecify.annotations.NullMarked;
