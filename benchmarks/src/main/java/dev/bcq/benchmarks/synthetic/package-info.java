/** Models with random weights, of the shapes that the literature measures. */
@NullMarked
package dev.bcq.benchmarks.synthetic;

import org.jspecify.annotations.NullMarked;
