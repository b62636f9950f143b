/** What the matrices of a float model read when it translates calibration sentences. */
@NullMarked
package dev.bcq.converter.calibrate;

import org.jspecify.annotations.NullMarked;
