/** Fuzz targets for what reads foreign bytes, their seeds, and their runs. */
@NullMarked
package dev.bcq.fuzz;

import org.jspecify.annotations.NullMarked;
